// What a failed search means to the caller.
import { QuiltError } from '@quilt-mcp/core'

/** The error in words of ours: those of the registry are about what we sent, which the caller has not seen. */
export function searchFailure(error: unknown, attempt: string): unknown {
  if (!(error instanceof QuiltError)) return error
  const { code, details } = error
  if (code === 'upstream' && typeof details?.name === 'string' && saysTooLong(details.name, error.message)) {
    return new QuiltError('timeout', `${attempt}: the registry gave up, it took too long`, {
      hint: 'Search fewer buckets, or for something rarer; then try again.',
      details: { name: details.name },
      cause: error,
    })
  }
  if (code !== 'invalid_input' || !Array.isArray(details?.errors)) return error
  const problems: readonly unknown[] = details.errors
  const names = problems.map((problem) => textOf(problem, 'name'))
  const isOrder = names.includes('UnsupportedSort') || names.includes('ordering')
  return new QuiltError(
    'invalid_input',
    `${attempt}: the registry does not take ${isOrder ? 'this order' : 'this search'}`,
    {
      hint: isOrder
        ? 'Order by another field, or leave the order out for the best first.'
        : 'Write it simpler: fewer patterns, or filters in place of words. See what was sent with explain.',
      details: { problems: names.filter((name) => name !== undefined).slice(0, 10) },
      cause: error,
    },
  )
}

function saysTooLong(...texts: readonly string[]): boolean {
  return texts.some((text) => /time[d_ ]?[ -]?out/i.test(text))
}

function textOf(value: unknown, key: string): string | undefined {
  const text: unknown =
    typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined
  return typeof text === 'string' ? text.slice(0, 100) : undefined
}
