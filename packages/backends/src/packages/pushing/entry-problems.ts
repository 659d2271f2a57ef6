// All that is wrong with the entries of a plan: collected, then told at once, each by its path in the package.
import { type EntryFailure, QuiltError } from '@quilt-mcp/core'

/** One entry that cannot be taken. */
export interface EntryProblem {
  /** Logical key. */
  readonly path: string
  /** A name of formats.md 7.4. */
  readonly name: string
  readonly problem: string
  /** What to do. */
  readonly hint: string
}

/** What is wrong with an entry, and what S3 said of its object. */
export interface EntryRefusal extends Pick<EntryFailure, 'name' | 'message'> {
  readonly error?: string | undefined
}

/** Collects what is wrong. */
export interface EntryProblems {
  add(logicalKey: string, refusal: EntryRefusal): void
  /** `invalid_input` with all problems. */
  error(cause?: unknown): QuiltError
  /** @throws {QuiltError} `invalid_input` with all problems, when there are any */
  check(): void
}

const mostInMessage = 10
const mostInDetails = 100

/** @param attempt what was tried: `Making a revision` */
export function entryProblems(attempt: string): EntryProblems {
  const problems: EntryProblem[] = []
  let count = 0
  return {
    add(path, refusal) {
      count += 1
      if (problems.length >= mostInDetails) return
      problems.push({ path, name: refusal.name, problem: refusal.message, hint: hintFor(refusal) })
    },
    error: (cause) => entriesRefused(attempt, { problems, count }, cause),
    check() {
      if (count > 0) throw entriesRefused(attempt, { problems, count })
    },
  }
}

interface Found {
  readonly problems: readonly EntryProblem[]
  /** Also those that are not among the problems: too many to be told. */
  readonly count: number
}

function entriesRefused(attempt: string, { problems, count }: Found, cause?: unknown): QuiltError {
  const lines = problems.slice(0, mostInMessage).map(({ path, problem }) => `${path}: ${problem}`)
  const more = count > lines.length ? `; and ${count - lines.length} more` : ''
  const what = count === 1 ? 'an entry cannot be taken' : `${count} entries cannot be taken`
  const hints = new Set(problems.map(({ hint }) => hint))
  const [only] = hints
  return new QuiltError('invalid_input', `${attempt}: ${what}: ${lines.join('; ')}${more}`, {
    hint:
      hints.size === 1 && only !== undefined
        ? `${only} Nothing was written.`
        : 'Do what details.problems says of each entry, then try again; nothing was written.',
    details: { problems, count },
    nextTools: ['bucket_objects_list'],
    cause,
  })
}

function hintFor({ name, message, error }: EntryRefusal): string {
  if (error === 'NoSuchKey') return 'Look for the object with bucket_objects_list.'
  if (error === 'NoSuchVersion') return 'Leave the version out, or take one that exists.'
  if (error === 'AccessDenied')
    return 'Ask for the right to read the object, switch to a role that has it, or correct the URI: S3 says the same of what does not exist.'
  if (name === 'ManifestHasLocalKeys') return 'Put the file into a bucket, and make a revision that names it there.'
  if (name === 'InvalidLocalPhysicalKey') return 'Put the file into a bucket, and name it there.'
  if (name === 'InvalidS3PhysicalKey') return 'Give the URI of an object: s3://bucket/key.'
  if (/another entry, too|lies under/.test(message)) return 'Rename one of the two.'
  if (/path of a file/.test(message)) return 'Rename it: parts joined by single slashes, none of them "." or "..".'
  return 'Correct the entry.'
}
