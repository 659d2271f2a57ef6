// The name of a revision: a hash over its header and entries (formats.md 3).
import { createHash } from 'node:crypto'
import { encodeCanonicalJson } from '../json/encode.js'
import type { Entry, ManifestHeader } from './entry.js'
import { withoutTopHash } from './header.js'
import { compareLogicalKeys, createOrderCheck } from './order.js'
import { checkSize } from './record.js'

/** A top hash in the making. */
export interface TopHash {
  /** Takes the next entry.
   * @throws {QuiltError} `invalid_input` when it does not follow the last one in tree order, or has no size */
  update(entry: Entry): void
  /** The top hash, 64 lowercase hex digits. Once only. */
  digest(): string
}

/**
 * Begins a top hash. Physical keys and directory metadata do not count.
 * @throws {QuiltError} `invalid_input` when the header is nested too deep
 */
export function createTopHash(header: ManifestHeader): TopHash {
  const hashed = createHashedTexts(header)
  const check = createOrderCheck()
  return {
    update(entry) {
      check(entry.logicalKey)
      checkSize(entry)
      hashed.text(hashedText(entry))
    },
    digest: hashed.digest,
  }
}

/** What is hashed, piece by piece. */
interface HashedTexts {
  /** The text of the next entry. */
  text(text: string): void
  /** The texts of the next entries. */
  bytes(bytes: Uint8Array): void
  digest(): string
}

const pendingUnits = 65_536

/** Begins with the header. @throws {QuiltError} `invalid_input` when the header is nested too deep */
export function createHashedTexts(header: ManifestHeader): HashedTexts {
  const sha256 = createHash('sha256')
  // Collected: a call of the hash costs more than the text of one entry.
  let pending = encodeCanonicalJson(withoutTopHash(header))
  const flush = (): void => {
    sha256.update(pending, 'latin1')
    pending = ''
  }
  return {
    text(text) {
      pending += text
      if (pending.length >= pendingUnits) flush()
    },
    bytes(bytes) {
      if (pending !== '') flush()
      sha256.update(bytes)
    },
    digest() {
      flush()
      return sha256.digest('hex')
    },
  }
}

/**
 * The top hash of a revision whose entries come in any order.
 * @throws {QuiltError} `invalid_input` when a logical key comes twice
 */
export function topHashOf(header: ManifestHeader, entries: Iterable<Entry>): string {
  const topHash = createTopHash(header)
  for (const entry of [...entries].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))) topHash.update(entry)
  return topHash.digest()
}

/** An entry as it is hashed: ASCII. */
export function hashedText({ hash, logicalKey, meta, size }: Entry): string {
  const hashText = `{"type":${encodeCanonicalJson(hash.type)},"value":${encodeCanonicalJson(hash.value)}}`
  const keyText = encodeCanonicalJson(logicalKey)
  return `{"hash":${hashText},"logical_key":${keyText},"meta":${encodeCanonicalJson(meta)},"size":${size}}`
}
