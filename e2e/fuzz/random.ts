// Chance that can be repeated: every message is made from two numbers, its campaign's seed and its own index.

export interface Random {
  /** 0 to below `end`. */
  below(end: number): number
  pick<T>(from: readonly T[]): T
  /** True once in `times`, on average. */
  oneIn(times: number): boolean
}

/** The same two numbers give the same chance, on every machine. */
export function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    pick(from) {
      const picked = from[below(from.length)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
    oneIn: (times) => below(times) === 0,
  }
}
