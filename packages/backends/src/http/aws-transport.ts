// Lets the AWS SDK speak through our HTTP client: the same proxies, timeouts and retries as everything else.
import type { HttpClient, HttpRequest } from './client.js'

/** A request as the SDK hands it over; `path` is already encoded. */
export interface SdkRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const

/** The SDK's request handler over an HTTP client. The SDK itself must not retry.
 * @param peer the service in words, for error messages: `S3` */
export function awsTransport(http: HttpClient, { peer }: { readonly peer: string }) {
  return {
    async handle(request: SdkRequest, { abortSignal }: { readonly abortSignal?: unknown } = {}) {
      const method = methods.find((name) => name === request.method)
      if (method === undefined) throw new TypeError(`unexpected method ${request.method}`)
      const port = request.port === undefined ? '' : `:${request.port}`
      const answer = await http.send({
        method,
        url: new URL(`${request.protocol}//${request.hostname}${port}/`),
        rawPath: pathOf(request),
        headers: withoutUnsendable(request.headers),
        body: bodyOf(request.body),
        kind: 'stream',
        idempotent: method !== 'POST' && !isConditionalWrite(method, request.headers),
        repeatOn: 500,
        signal: abortSignal instanceof AbortSignal ? abortSignal : undefined,
        peer,
      })
      return { response: { statusCode: answer.status, headers: { ...answer.headers }, body: answer.stream } }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  }
}

/** Sent twice, the second would be refused because of the first: only who sent it can tell what a lost answer means. */
function isConditionalWrite(method: string, headers: SdkRequest['headers']): boolean {
  return (
    (method === 'PUT' || method === 'DELETE') && Object.keys(headers).some((name) => /^if-(none-)?match$/i.test(name))
  )
}

function pathOf({ path, query = {} }: SdkRequest): string {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) =>
      one === null ? percentEncoded(name) : `${percentEncoded(name)}=${percentEncoded(String(one))}`,
    ),
  )
  return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`
}

/** As the SDK signed it: everything but letters, digits and `-_.~`. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** undici sets the length itself and refuses `expect`. */
function withoutUnsendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(expect|content-length|connection)$/i.test(name)),
  )
}

function bodyOf(body: unknown): HttpRequest['body'] {
  if (body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array)
    return body ?? undefined
  throw new TypeError('only bytes and text are sent to AWS')
}
