// The one way in which backends speak HTTP: registry, catalog, browse and S3 all pass here.
import { Readable } from 'node:stream'
import { QuiltError } from '@quilt-mcp/core'
import { pauseFor } from '../pause.js'
import type { HttpAnswer } from './answer.js'
import { translateBody } from './body.js'
import { createDispatchers } from './dispatcher.js'
import { networkError } from './network-error.js'
import type { LookupAll } from './public-address.js'
import { gateOf, type Reach } from './reach.js'

/** How long a request may take: `quick` look-ups, `search` through the objects of
 * big buckets, `slow` scans of a manifest, `write` of a revision, `stream` of bytes without total limit. */
export type CallKind = 'quick' | 'search' | 'slow' | 'write' | 'stream'

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Absolute. */
  readonly url: URL
  /** Path and query exactly as they go out, when they must not be normalised (S3 keys with `..`). Default: those of `url`. */
  readonly rawPath?: string | undefined
  /** The place whose redirect led to `url`. */
  readonly redirectedFrom?: URL | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What comes bit by bit can be sent once: only with `idempotent` false. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined
  readonly kind: CallKind
  /** Whether sending it twice does no harm: only then is it repeated. */
  readonly idempotent: boolean
  /** A status beside 429, 502, 503 and 504 after which an idempotent request is repeated. */
  readonly repeatOn?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** What is asked, in words, for error messages: `the registry`. */
  readonly peer: string
}

export interface HttpClient {
  /** Sends a request; any status is an answer. A redirect is an answer, too: it is never followed here.
   * @throws {QuiltError} `timeout`, or `upstream` when there is no answer; `forbidden` when the client may not go there, with
   *   `details.reason` `private-address` or `plain-http`. An abort throws the signal's reason. */
  send(request: HttpRequest): Promise<HttpAnswer>
  /** Ends all connections, also those in use. A later request opens new ones. */
  close(): Promise<void>
}

export interface HttpClientOptions {
  /** Where requests may go. Default: anywhere. A server for many gives `public`: its tenants name URLs, and so do those URLs' answers. */
  readonly reach?: Reach | undefined
  /** Where names are looked up that must be public. Default: as this machine does. */
  readonly lookup?: LookupAll | undefined
  /** Milliseconds by kind of call, from sending to the end of the body. For `stream`: between two chunks. */
  readonly timeoutsMs?: Partial<Readonly<Record<CallKind, number>>> | undefined
  readonly connectTimeoutMs?: number | undefined
  /** How often an idempotent request is sent at most. Default 3. */
  readonly attempts?: number | undefined
  /** First pause before a repetition, in milliseconds; doubled each time, with jitter. Default 200. */
  readonly pauseMs?: number | undefined
}

const defaultTimeoutsMs: Readonly<Record<CallKind, number>> = {
  quick: 30_000,
  search: 60_000,
  slow: 120_000,
  write: 300_000,
  stream: 60_000,
}
const repeatableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])
/** A server that asks for a longer pause than this gets an error instead: the caller can wait better than we. */
const longestPauseMs = 5_000

/** Makes an HTTP client with its own connections. Share one: it holds no identity.
 * @throws {QuiltError} `invalid_input` when an origin in `reach` is none */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const passageOf = gateOf(options.reach ?? { kind: 'anywhere' })
  const dispatchers = createDispatchers({ connectTimeoutMs: options.connectTimeoutMs, lookup: options.lookup })
  const timeoutsMs = { ...defaultTimeoutsMs, ...options.timeoutsMs }
  const attempts = options.attempts ?? 3
  const pauseMs = options.pauseMs ?? 200

  const sendOnce = async (request: HttpRequest): Promise<HttpAnswer> => {
    const limitMs = timeoutsMs[request.kind]
    const dispatcher = await dispatchers.for(request.url, passageOf(request.url, request.redirectedFrom))
    const deadline = request.kind === 'stream' ? undefined : AbortSignal.timeout(limitMs)
    const signals = [request.signal, deadline].filter((signal) => signal !== undefined)
    const context = { peer: request.peer, limitMs, signal: request.signal, deadline }
    try {
      request.signal?.throwIfAborted()
      const answer = await dispatcher.request({
        origin: request.url.origin,
        path: request.rawPath ?? `${request.url.pathname}${request.url.search}`,
        method: request.method,
        headers: { ...request.headers },
        body: bodyOf(request.body),
        headersTimeout: limitMs,
        bodyTimeout: limitMs,
        ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
      })
      // Whoever reads the body gets its error; one that comes while nobody reads must not end the process.
      answer.body.on('error', () => {})
      return {
        status: answer.statusCode,
        headers: flatHeaders(answer.headers),
        body: translateBody(answer.body, context),
        stream: answer.body,
        discard: () => answer.body.dump({ limit: 65_536 }),
      }
    } catch (cause) {
      throw networkError(cause, context)
    }
  }

  return {
    async send(request) {
      const tries = request.idempotent ? attempts : 1
      for (let attempt = 1; ; attempt += 1) {
        const pause = pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
        const last = attempt >= tries
        const answer = await sendOnce(request).catch((error: unknown) => {
          if (last || !isConnectionLoss(error)) throw error
          return undefined
        })
        if (answer !== undefined) {
          const wanted = retryAfterMs(answer.headers['retry-after'])
          const repeatable = repeatableStatuses.has(answer.status) || answer.status === request.repeatOn
          if (last || !repeatable || wanted > longestPauseMs) return answer
          await answer.discard()
          await pauseFor(Math.max(pause, wanted), request.signal)
        } else {
          await pauseFor(pause, request.signal)
        }
      }
    },
    close: () => dispatchers.close(),
  }
}

function bodyOf(body: HttpRequest['body']): string | Uint8Array | Readable | null {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body ?? null
  return Readable.from(body, { objectMode: false })
}

/** Seconds or a date, as HTTP has it; 0 when absent or nonsense. */
function retryAfterMs(header: string | undefined): number {
  if (header === undefined) return 0
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now())
}

function isConnectionLoss(error: unknown): boolean {
  return error instanceof QuiltError && error.details?.lost === true
}

function flatHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    flat[name.toLowerCase()] =
      typeof value === 'string' ? value : value.join(name.toLowerCase() === 'set-cookie' ? '\n' : ', ')
  }
  return flat
}
