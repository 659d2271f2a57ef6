import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQuestions } from './questions.js'

/** A question that is answered by hand. */
const asked = () => {
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  return { question: () => answered, answer }
}

describe('questions to the registry', () => {
  it('are out so many at once, wait so many, and then are refused', async () => {
    const { ask } = createQuestions({ atOnce: 2, waiting: 1 })
    const order: string[] = []
    const held = asked()
    const named = (name: string) =>
      ask(() => {
        order.push(name)
        return held.question()
      })
    const all = [named('a'), named('b'), named('c')]
    await expect(named('d')).rejects.toMatchObject({ code: 'rate_limited', retryable: true })
    expect(order).toEqual(['a', 'b'])
    held.answer()
    await Promise.all(all)
    expect(order).toEqual(['a', 'b', 'c'])
  })

  it('pass on what fails, and free its turn', async () => {
    const { ask } = createQuestions({ atOnce: 1, waiting: 1 })
    const failing = ask(() => Promise.reject(new Error('down')))
    const next = ask(() => Promise.resolve('answer'))
    await expect(failing).rejects.toThrow('down')
    await expect(next).resolves.toBe('answer')
  })

  it('never exceed their bounds, and each that was taken gets its turn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.nat({ max: 4 }),
        fc.array(fc.nat({ max: 3 }), { maxLength: 30 }),
        async (atOnce, waiting, turns) => {
          const { ask } = createQuestions({ atOnce, waiting })
          let out = 0
          const begun: number[] = []
          const taken: number[] = []
          const answers = turns.map(async (count, index) => {
            for (let turn = 0; turn < count; turn++) await Promise.resolve()
            try {
              taken.push(index)
              await ask(async () => {
                begun.push(index)
                expect(++out).toBeLessThanOrEqual(atOnce)
                for (let turn = 0; turn < count; turn++) await Promise.resolve()
                out--
              })
            } catch (error) {
              taken.splice(taken.indexOf(index), 1)
              expect(error).toMatchObject({ code: 'rate_limited' })
            }
          })
          await Promise.all(answers)
          expect(begun.toSorted()).toEqual(taken.toSorted())
        },
      ),
    )
  })
})
