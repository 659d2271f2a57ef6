// A bound on what is asked of the registry about tokens nobody knows yet: a flood of random tokens ends here.
import { QuiltError } from '@quilt-mcp/core'

export interface QuestionsRule {
  /** Questions that are out at once. */
  readonly atOnce?: number
  /** Questions that wait for their turn. */
  readonly waiting?: number
}

export interface Questions {
  /** Runs `question` when it is its turn, first come first served.
   * @throws {QuiltError} `rate_limited`, at once, when as many wait as may; and what the question throws */
  ask<T>(question: () => Promise<T>): Promise<T>
}

/** By default 32 at once and 64 that wait. Each question must end by itself, in time: what it holds is a turn. */
export function createQuestions({ atOnce = 32, waiting = 64 }: QuestionsRule = {}): Questions {
  let out = 0
  const queue: (() => void)[] = []
  return {
    async ask(question) {
      if (out < atOnce) out++
      else if (queue.length < waiting) await new Promise<void>((turn) => queue.push(turn))
      else {
        throw new QuiltError('rate_limited', 'too many tokens are being checked at the registry', {
          hint: 'Try again in a few seconds; tokens that were checked a moment ago are served meanwhile.',
        })
      }
      try {
        return await question()
      } finally {
        // A turn is handed over, not given back: nobody can come between.
        const next = queue.shift()
        if (next) next()
        else out--
      }
    },
  }
}
