// Finds a logical key that comes twice, without holding the keys: 16 bytes an entry, not the text.

/** Tells of each key whether it was there before. */
export interface SeenKeys {
  /** Notes a key. */
  add(logicalKey: string): void
  /** Whether the key was added before. Wrongly `true` once in 30 million manifests of a million unsorted entries. */
  has(logicalKey: string): boolean
}

/** An empty set of keys, kept as 64-bit fingerprints in an open table that doubles when half full. */
export function createSeenKeys(): SeenKeys {
  let table = new Uint32Array(2_048)
  let count = 0

  const slotOf = (high: number, low: number): number => {
    const mask = table.length - 2
    let slot = (low << 1) & mask
    while ((table[slot] !== 0 || table[slot + 1] !== 0) && (table[slot] !== high || table[slot + 1] !== low)) {
      slot = (slot + 2) & mask
    }
    return slot
  }
  const put = (high: number, low: number): void => {
    const slot = slotOf(high, low)
    if (table[slot] !== 0 || table[slot + 1] !== 0) return
    table[slot] = high
    table[slot + 1] = low
    count++
  }
  const grow = (): void => {
    const old = table
    table = new Uint32Array(old.length * 2)
    count = 0
    for (let slot = 0; slot < old.length; slot += 2) {
      const high = old[slot] ?? 0
      const low = old[slot + 1] ?? 0
      if (high !== 0 || low !== 0) put(high, low)
    }
  }

  return {
    add(logicalKey) {
      if (count * 4 >= table.length) grow()
      put(...fingerprint(logicalKey))
    },
    has(logicalKey) {
      const slot = slotOf(...fingerprint(logicalKey))
      return table[slot] !== 0 || table[slot + 1] !== 0
    },
  }
}

/** Two independent 32-bit FNV-like hashes, mixed at the end; never both zero, which marks a free slot. */
function fingerprint(text: string): readonly [high: number, low: number] {
  let high = 0x811c9dc5
  let low = 0x9e3779b9
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x85ebca6b)
    low ^= low >>> 15
  }
  high = Math.imul(high ^ (high >>> 16), 0xc2b2ae35)
  return [(high ^ (high >>> 13)) >>> 0 || 1, low >>> 0]
}
