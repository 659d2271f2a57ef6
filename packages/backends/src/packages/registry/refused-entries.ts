// What a registry says of entries by their number, told by their path in the package.
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { entryProblems } from '../pushing/entry-problems.js'

const refusals = z.array(
  z.object({
    path: z.string().optional(),
    name: z.string(),
    message: z.string(),
    context: z.object({ error: z.string().optional() }).loose().optional(),
  }),
)

/** The error, with each entry by its logical key; or the error itself, when it is not about entries.
 * @param keyOf logical key of the entry of that number */
export function namedEntries(error: unknown, keyOf: (index: number) => string | undefined): unknown {
  if (!(error instanceof QuiltError) || error.code !== 'invalid_input') return error
  const { data = [] } = refusals.safeParse(error.details?.errors)
  const problems = entryProblems('Making a revision')
  let isAboutEntries = false
  for (const { path = '', name, message, context } of data) {
    const index = /^src\.entries\.(\d+)/.exec(path)?.[1]
    const logicalKey = index === undefined ? undefined : keyOf(Number(index))
    isAboutEntries ||= logicalKey !== undefined
    problems.add(logicalKey ?? path, { name, message, error: context?.error })
  }
  return isAboutEntries ? problems.error(error) : error
}
