// Everything that is wrong with a change is said at once, before anything is written.
import { type ErrorCode, QuiltError } from '@quilt-mcp/core'

export interface Problems {
  add(path: string, problem: string): void
  /** Runs a check; a QuiltError about the input or about what is missing becomes a problem of this path. */
  collect<T>(path: string, check: () => T): T | undefined
  collectAsync<T>(path: string, check: () => Promise<T>): Promise<T | undefined>
  /** @throws {QuiltError} naming every problem: with their code when all have the same one, else `invalid_input` */
  throwIfAny(): void
}

interface Problem {
  readonly path: string
  readonly problem: string
  readonly code: ErrorCode
}

/** Problems that the message names; the others are in the details. */
const namedInMessage = 10
const namedInDetails = 100

export function createProblems(): Problems {
  const found: Problem[] = []
  const note = (path: string, error: unknown): undefined => {
    if (!(error instanceof QuiltError) || !['invalid_input', 'not_found', 'forbidden'].includes(error.code)) throw error
    found.push({ path, problem: error.message, code: error.code })
    return undefined
  }
  return {
    add: (path, problem) => void found.push({ path, problem, code: 'invalid_input' }),
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
    throwIfAny() {
      if (found.length === 0) return
      const texts = found.slice(0, namedInMessage).map(({ path, problem }) => `${path}: ${problem}`)
      const more = found.length > namedInMessage ? `; and ${found.length - namedInMessage} more` : ''
      throw new QuiltError(commonCode(found), `nothing was written. ${texts.join('; ')}${more}`, {
        hint: 'Correct all of them, then call again.',
        details: { problems: found.slice(0, namedInDetails).map(({ path, problem }) => ({ path, problem })) },
        nextTools: ['package_browse', 'bucket_objects_list'],
      })
    },
  }
}

function commonCode(problems: readonly Problem[]): ErrorCode {
  const [code, ...others] = new Set(problems.map((problem) => problem.code))
  return code === undefined || others.length > 0 ? 'invalid_input' : code
}
