// The keys of lines that were found: their order, and a fingerprint of each.
import { inputAt, lineBytes, linesAt, outAt, previousAt } from './layout'
import { keyEnd, keyFrom } from './line'

const slash: u32 = 0x2f

/** How many bytes two keys share from their start on. */
export function sharedBytes(a: usize, lengthA: i32, b: usize, lengthB: i32): i32 {
  const most = min(lengthA, lengthB)
  let shared = 0
  while (shared < most) {
    const differs = i8x16.bitmask(i8x16.ne(v128.load(a + shared), v128.load(b + shared)))
    if (differs != 0) return min(most, shared + ctz(differs))
    shared += 16
  }
  return most
}

/** Whether key `a` comes before key `b` in tree order, `shared` bytes behind their start (formats.md 2.5). */
export function comesBefore(a: usize, lengthA: i32, b: usize, lengthB: i32, shared: i32): bool {
  if (shared == lengthA) return shared < lengthB
  if (shared == lengthB) return false
  const byteA: u32 = load<u8>(a + shared)
  const byteB: u32 = load<u8>(b + shared)
  // A part that ends here comes before every longer one.
  if (byteA == slash) return true
  return byteB != slash && byteA < byteB
}

/**
 * Writes the fingerprints of the keys of the first `count` lines to the output, eight bytes each, and tells how many
 * lines come in tree order, each behind the one before.
 * @param previousLength of the key behind which the first line shall come; -1: behind none
 */
export function noteKeys(count: i32, previousLength: i32): i32 {
  let inOrder = 0
  let previous: usize = previousAt
  let length = previousLength
  for (let line = 0; line < count; line++) {
    const record: usize = linesAt + line * lineBytes
    const key: usize = inputAt + load<i32>(record + keyFrom)
    const keyLength = load<i32>(record + keyEnd) - load<i32>(record + keyFrom)
    if (inOrder == line) {
      const follows =
        length < 0 || comesBefore(previous, length, key, keyLength, sharedBytes(previous, length, key, keyLength))
      if (follows) inOrder++
    }
    previous = key
    length = keyLength
    store<u64>(outAt + line * 8, fingerprint(key, keyLength))
  }
  return inOrder
}

/** Writes the fingerprint of a key that was copied to where the previous one lies. */
export function noteKey(length: i32): void {
  store<u64>(outAt, fingerprint(previousAt, length))
}

/** 64 bits that two keys share once in 2^64 times; never 0. */
function fingerprint(key: usize, length: i32): u64 {
  let hash: u64 = 0x9e3779b97f4a7c15 ^ <u64>length
  let at = key
  const end = key + length
  for (; at + 8 <= end; at += 8) hash = mixed(hash, load<u64>(at))
  const left = end - at
  if (left > 0) hash = mixed(hash, load<u64>(at) & (((<u64>1) << (left << 3)) - 1))
  hash = mixed(hash, 0)
  return hash == 0 ? 1 : hash
}

function mixed(hash: u64, word: u64): u64 {
  const product = (hash ^ word) * 0xd6e8feb86659fd93
  return product ^ (product >> 32)
}
