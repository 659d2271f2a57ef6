import { QuiltError } from '@quilt-mcp/core'
import type { ByteRange } from './port.js'

/** @throws {QuiltError} `invalid_input` unless it counts from 0 and does not end before it begins */
export function checkByteRange({ first, last }: ByteRange): void {
  const valid =
    Number.isInteger(first) && first >= 0 && (last === undefined || (Number.isInteger(last) && last >= first))
  if (valid) return
  throw new QuiltError('invalid_input', `The range ${first} to ${last ?? 'the end'} is not valid`, {
    hint: 'Bytes count from 0; last must not be before first.',
  })
}

/** The range as HTTP has it. @throws {QuiltError} `invalid_input` as `checkByteRange` */
export function rangeHeader(range: ByteRange): string {
  checkByteRange(range)
  return `bytes=${range.first}-${range.last ?? ''}`
}
