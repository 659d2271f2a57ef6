// The name under which a person is known to AWS: session name and source identity of an assumed role, in every line of CloudTrail.
import { createHash } from 'node:crypto'

/** What STS takes for both. */
const taken = /^[\w+=,.@-]{2,64}$/
/** How a name ends that was changed. */
const mark = /=[0-9a-f]{20}$/
const markLength = 21
const longest = 64

/** The name of a subject: the subject itself where STS takes it (2 to 64 of `A-Z a-z 0-9 _ + = , . @ -`). Of any other, and of one that
 * ends like a changed one, each character that STS does not take becomes `-`, the rest is cut, and `=` with the first 80 bits of the
 * subject's SHA-256 is appended: no two subjects share a name. */
export function sourceIdentityOf(subject: string): string {
  if (taken.test(subject) && !mark.test(subject)) return subject
  const readable = subject.replace(/[^\w+=,.@-]/g, '-').slice(0, longest - markLength)
  // As UTF-16, so that also ill-formed text keeps its difference.
  const hash = createHash('sha256')
    .update(Buffer.from(subject, 'utf16le'))
    .digest('hex')
    .slice(0, markLength - 1)
  return `${readable}=${hash}`
}
