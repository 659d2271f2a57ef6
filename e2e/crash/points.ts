// Where a process is killed: at which of the steps that it takes, and how far into it. A step is a request, or a change of a file.

/** What a step is, without what differs from run to run: `PutObject latest`, `link manifest`. */
export type Step = string

/** `before` it has any effect, with `half` of its bytes written, or `after` it, but before the process learns of it. */
export type Moment = 'before' | 'half' | 'after'

export interface KillPoint {
  readonly step: Step
  /** Which of the steps that are called so, from 1. */
  readonly nth: number
  readonly moment: Moment
}

const moments: readonly Moment[] = ['before', 'half', 'after']

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A point of a run that took these steps. Every kind of step is as likely as any other, however often it is taken: a push writes many
 * objects and one `latest`. */
export function killPoint(steps: readonly Step[], random: () => number): KillPoint {
  const often = new Map<Step, number>()
  for (const step of steps) often.set(step, (often.get(step) ?? 0) + 1)
  const below = (limit: number) => Math.floor(random() * limit)
  const [step, times] = [...often].toSorted(([a], [b]) => (a < b ? -1 : 1))[below(often.size)] ?? ['', 1]
  return { step, nth: 1 + below(times), moment: moments[below(moments.length)] ?? 'before' }
}

/** Counts steps, and says when it is the one. */
export function pointWatch(point: KillPoint | undefined): (step: Step) => Moment | undefined {
  let seen = 0
  return (step) => {
    if (point === undefined || step !== point.step) return undefined
    seen += 1
    return seen === point.nth ? point.moment : undefined
  }
}
