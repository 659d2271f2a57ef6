// What may be called what: packages, files in them, buckets, revisions (formats.md 1.10).
import { QuiltError } from './errors.js'

const packageName = /^[\p{L}\p{N}_-]+\/[\p{L}\p{N}_-]+$/u
const asciiPackageName = /^[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/
const topHash = /^[0-9a-f]{64}$/
const bucketName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/

/** Whether a text is a package name, `namespace/name`; letters and digits of any script count. */
export function isPackageName(text: string): boolean {
  return packageName.test(text)
}

/** Whether a text is a package name in ASCII only: the recommended form for new packages. */
export function isAsciiPackageName(text: string): boolean {
  return asciiPackageName.test(text)
}

/**
 * Checks a package name and returns it.
 * @throws {QuiltError} `invalid_input`; where it is clear what was meant, the message and `details.suggestion` name it
 */
export function parsePackageName(text: string): string {
  if (isPackageName(text)) return text
  const suggestion = nearestPackageName(text)
  const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
  throw new QuiltError('invalid_input', `${JSON.stringify(text)} is not a package name${meant}`, {
    hint: 'A package name is namespace/name: letters, digits, "_" and "-", with exactly one slash.',
    ...(suggestion === undefined ? {} : { details: { suggestion } }),
  })
}

/** Each run of characters that a name cannot hold becomes one dash. Undefined unless two parts remain. */
function nearestPackageName(text: string): string | undefined {
  const parts = text
    .normalize('NFC')
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .split('/')
  const corrected = parts.map((part) => part.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '')).join('/')
  return isPackageName(corrected) ? corrected : undefined
}

/**
 * Checks the path of a file inside a package.
 * @throws {QuiltError} `invalid_input` when it is empty or has a part that is empty, `.` or `..`
 */
export function checkLogicalKey(key: string): void {
  const parts = key.split('/')
  if (!parts.some((part) => part === '' || part === '.' || part === '..')) return
  const corrected = parts.filter((part) => part !== '' && part !== '.').join('/')
  const meant = corrected === '' || parts.includes('..') ? '' : `; did you mean ${JSON.stringify(corrected)}?`
  throw new QuiltError('invalid_input', `${JSON.stringify(key)} is not a path of a file in a package${meant}`, {
    hint: 'Use parts joined by single slashes: no leading or trailing slash, no "." and no "..".',
  })
}

/** Whether a text is a full top hash: 64 lowercase hexadecimal digits. */
export function isTopHash(text: string): boolean {
  return topHash.test(text)
}

/** Whether a text can name a bucket. Case is kept; old buckets have upper case and underscores. */
export function isBucketName(text: string): boolean {
  return bucketName.test(text)
}

/** @throws {QuiltError} `invalid_input` when the text cannot name a bucket */
export function checkBucketName(text: string): void {
  if (isBucketName(text)) return
  throw new QuiltError('invalid_input', `${JSON.stringify(text)} is not a bucket name`, {
    hint: 'A bucket name has letters, digits, ".", "_" and "-", without s3:// and without slashes.',
  })
}
