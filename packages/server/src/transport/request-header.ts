// Headers that decide something: each is sent once, or the request is refused. Two values would leave it open which one counts.
import type { IncomingMessage } from 'node:http'
import { QuiltError } from '@quilt-mcp/core'

/** The value of a header; undefined when it was not sent, or is empty.
 * @throws {QuiltError} `invalid_input` when it was sent more than once */
export function onlyHeader(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  name: string,
): string | undefined {
  const [value, ...others] = headersDistinct[name.toLowerCase()] ?? []
  if (others.length > 0) {
    throw new QuiltError('invalid_input', `the request carries more than one header ${name}`, { hint: 'Send it once.' })
  }
  return value === '' ? undefined : value
}
