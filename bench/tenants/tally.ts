// Counts what became of the calls, and keeps the first things that were wrong.
import type { Judgement, Outcome } from './judge.js'

export interface Row extends Record<Outcome, number> {
  readonly call: string
}

/** A thing that must not be, with what is needed to see it again. */
export interface Finding {
  readonly what: string
  readonly call: string
  readonly tenant: number
  /** Number of the call: with the seed, it is made again. */
  readonly index: number
}

export interface Tally {
  rows(): readonly Row[]
  readonly crossings: Findings
  readonly wrong: Findings
  add(judgement: Judgement, of: Omit<Finding, 'what'>): void
}

export interface Findings {
  readonly count: number
  /** Not more of them than can be read. */
  readonly first: readonly Finding[]
}

const mostKept = 20

export function createTally(): Tally {
  const rows = new Map<string, Record<Outcome, number>>()
  const crossings = { count: 0, first: [] as Finding[] }
  const wrong = { count: 0, first: [] as Finding[] }
  const keep = (to: { count: number; first: Finding[] }, finding: Finding) => {
    to.count++
    if (to.first.length < mostKept) to.first.push(finding)
  }
  return {
    rows: () => [...rows].map(([call, counts]) => ({ call, ...counts })).toSorted((a, b) => (a.call < b.call ? -1 : 1)),
    crossings,
    wrong,
    add(judgement, of) {
      const row = rows.get(of.call) ?? { ok: 0, refused: 0, failed: 0, left: 0 }
      row[judgement.outcome]++
      rows.set(of.call, row)
      for (const what of judgement.crossings) keep(crossings, { what, ...of })
      for (const what of judgement.wrong) keep(wrong, { what, ...of })
    },
  }
}
