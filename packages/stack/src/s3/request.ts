// A request as S3 sees it: bucket and key from the raw path, the query in order, headers.
import { S3Error } from './errors.js'
import { isHeader } from './header.js'

export interface S3Request {
  readonly method: string
  /** As it was sent: `/bucket/a%20b`. */
  readonly rawPath: string
  /** Decoded names and values, in the order they were sent. */
  readonly queryPairs: readonly (readonly [string, string])[]
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  /** Undefined: the request is for the service itself. */
  readonly bucket?: string
  /** Undefined: the request is for the bucket itself. */
  readonly key?: string
}

/** Takes a request apart.
 * @param target path and query as they came over the wire; a `Request`'s own URL is already normalised
 * @throws {S3Error} `InvalidURI` */
export function readRequest(request: Request, target: string): S3Request {
  const [rawPath = '/', ...rest] = pathOf(target).split('?')
  const slash = rawPath.indexOf('/', 1)
  const bucket = decode(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash))
  const key = slash < 0 ? '' : decode(rawPath.slice(slash + 1))
  return {
    method: request.method,
    rawPath,
    queryPairs: readQuery(rest.join('?')),
    headers: request.headers,
    body: arriving(request.body),
    ...(bucket !== '' && { bucket }),
    ...(bucket !== '' && key !== '' && { key }),
  }
}

/** The first value of a query parameter; '' when it has none (`?uploads`); undefined when it is absent. */
export const queryValue = (request: Pick<S3Request, 'queryPairs'>, name: string): string | undefined =>
  request.queryPairs.find(([given]) => given === name)?.[1]

/** A header as it was sent. Names come from clients, too: one that is none has no value. */
export const sentHeader = ({ headers }: Pick<S3Request, 'headers'>, name: string): string | null =>
  isHeader(name, '') ? headers.get(name) : null

/** A header; `x-amz-` ones may come in the query of a presigned URL instead. */
export const headerValue = (request: Pick<S3Request, 'headers' | 'queryPairs'>, name: string): string | undefined =>
  sentHeader(request, name) ??
  (name.startsWith('x-amz-') ? request.queryPairs.find(([given]) => given.toLowerCase() === name)?.[1] : undefined)

/** Percent-encoding as AWS does it: everything but `A-Z a-z 0-9 - . _ ~`, by UTF-8 bytes. */
export const awsEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** {@link awsEncode}, slashes kept. */
export const awsEncodePath = (path: string): string => path.split('/').map(awsEncode).join('/')

/** Undoes percent-encoding. @throws {S3Error} `InvalidURI` */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { cause })
  }
}

const pathOf = (target: string): string => (target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, ''))

const readQuery = (query: string): readonly (readonly [string, string])[] =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))] as const
    })

/** The body as it comes; a connection that ends in the midst of it is the client's failure. */
async function* arriving(body: Request['body']): AsyncIterable<Uint8Array> {
  if (body === null) return
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await received(chunks)
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await chunks.return?.()
  }
}

async function received(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await chunks.next()
  } catch (cause) {
    throw new S3Error('IncompleteBody', 'The connection ended before the body did.', { cause })
  }
}
