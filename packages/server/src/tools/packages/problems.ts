// Everything that is wrong with a change is said at once, before anything is written.
import { type ErrorCode, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'

export interface Problems {
  add(path: string, problem: string, hint?: string): void
  /** Runs a check; a QuiltError about the input or about what is missing becomes a problem of this path. */
  collect<T>(path: string, check: () => T): T | undefined
  collectAsync<T>(path: string, check: () => Promise<T>): Promise<T | undefined>
  /** Runs what names its own problems, in `details.problems` (a check of a push does): they become problems here. Any other error is
   * thrown, unless there are problems already: those are what is said then. */
  collectNamed(check: () => Promise<unknown>): Promise<void>
  readonly found: boolean
  /** @throws {QuiltError} naming every problem: with their code when all have the same one, else `invalid_input` */
  throwIfAny(): void
}

interface Problem {
  readonly path: string
  readonly problem: string
  readonly hint?: string
  readonly code: ErrorCode
}

/** Problems that the message names; the others are in the details. */
const namedInMessage = 10
const namedInDetails = 100

/** What a push says of each bad entry. */
const namedProblems = z.object({
  problems: z.array(z.object({ path: z.string(), problem: z.string(), hint: z.string().optional() })).min(1),
})

export function createProblems(): Problems {
  const named: Problem[] = []
  let count = 0
  const codes = new Set<ErrorCode>()
  const add = ({ hint, ...problem }: Omit<Problem, 'hint'> & { readonly hint?: string | undefined }): undefined => {
    count += 1
    codes.add(problem.code)
    if (named.length < namedInDetails) named.push({ ...problem, ...(hint !== undefined && { hint }) })
  }
  const note = (path: string, error: unknown): undefined => {
    if (!(error instanceof QuiltError) || !['invalid_input', 'not_found', 'forbidden'].includes(error.code)) throw error
    return add({ path, problem: error.message, hint: error.hint, code: error.code })
  }
  return {
    add: (path, problem, hint) => add({ path, problem, hint, code: 'invalid_input' }),
    collect(path, check) {
      try {
        return check()
      } catch (error) {
        return note(path, error)
      }
    },
    async collectAsync(path, check) {
      try {
        return await check()
      } catch (error) {
        return note(path, error)
      }
    },
    async collectNamed(check) {
      try {
        await check()
      } catch (error) {
        const told = error instanceof QuiltError ? namedProblems.safeParse(error.details) : undefined
        if (error instanceof QuiltError && told?.success !== true && count > 0) return
        if (!(error instanceof QuiltError) || told?.success !== true) throw error
        for (const problem of told.data.problems) add({ ...problem, code: error.code })
      }
    },
    get found() {
      return count > 0
    },
    throwIfAny() {
      if (count === 0) return
      const texts = named.slice(0, namedInMessage).map(({ path, problem }) => `${path}: ${problem}`)
      const more = count > texts.length ? `; and ${count - texts.length} more` : ''
      throw new QuiltError(commonCode(codes), `nothing was written. ${texts.join('; ')}${more}`, {
        hint: 'Correct all of them, then call again.',
        details: { problems: named.map(({ code: _, ...problem }) => problem) },
        nextTools: ['package_browse', 'bucket_objects_list'],
      })
    },
  }
}

function commonCode(codes: ReadonlySet<ErrorCode>): ErrorCode {
  const [code, ...others] = codes
  return code === undefined || others.length > 0 ? 'invalid_input' : code
}
