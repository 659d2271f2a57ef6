// Reads files of packages through the registry's browsing sessions (formats.md 6.4): the way for callers without AWS credentials.
import { formatQuiltUri, QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { CallOptions } from '../call-options.js'
import type { HttpAnswer } from '../http/answer.js'
import type { HttpClient } from '../http/client.js'
import { statusError } from '../http/status-error.js'
import { waitFor } from '../once.js'
import type { Revision } from '../packages/port.js'
import type { StackAddress } from './address.js'
import { type BrowseCookie, browseCookie } from './browse-cookie.js'
import type { RegistryGraphql } from './graphql.js'
import { browsingSessionCreateMutation } from './operations/browsing-session-create.js'
import { browsingSessionDisposeMutation } from './operations/browsing-session-dispose.js'
import { browsingSessionRefreshMutation } from './operations/browsing-session-refresh.js'

/** Browsing sessions of one principal: one for each revision in use, shared by all reads of it. */
export interface BrowseSessions {
  /** The answer with the bytes of one file; status 200 or 206.
   * @throws {QuiltError} `not_found`, `forbidden` when the bucket is not browsable, else by status */
  read(
    revision: Pick<Revision, 'bucket' | 'name' | 'topHash'>,
    logicalKey: string,
    options?: BrowseReadOptions,
  ): Promise<HttpAnswer>
  /** Ends all sessions, and forgets the cookie. Never throws: what cannot be ended dies by itself within three minutes. */
  close(): Promise<void>
}

interface BrowseReadOptions extends CallOptions {
  /** Value of the `range` header. */
  readonly range?: string | undefined
}

export interface BrowseDeps {
  readonly graphql: RegistryGraphql
  readonly address: StackAddress
  readonly token: string
  readonly http: HttpClient
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const sessionSeconds = 180
const refreshBeforeMs = 60_000
const sessionsKept = 50
const mostRedirects = 5
const peer = 'the package file server'

interface Session {
  readonly id: string
  readonly expiresAtMs: number
}

/** Makes the sessions; none is opened before the first read. */
export function browseSessions({ graphql, address, token, http, now }: BrowseDeps): BrowseSessions {
  const sessions = new LRUCache<string, Promise<Session>>({ max: sessionsKept })
  const cookie: BrowseCookie = browseCookie({ token, http })

  const open = async (scope: string): Promise<Session> => {
    const { id, expires } = await graphql.run(browsingSessionCreateMutation, { scope, ttl: sessionSeconds })
    return { id, expiresAtMs: Date.parse(expires) }
  }
  const renew = async (scope: string, { id }: Session): Promise<Session> => {
    try {
      const renewed = await graphql.run(browsingSessionRefreshMutation, { id, ttl: sessionSeconds })
      return { id: renewed.id, expiresAtMs: Date.parse(renewed.expires) }
    } catch (error) {
      if (error instanceof QuiltError && error.code === 'not_found') return open(scope)
      throw error
    }
  }
  const keep = (scope: string, session: Promise<Session>): Promise<Session> => {
    sessions.set(scope, session)
    session.catch(() => {
      if (sessions.peek(scope) === session) sessions.delete(scope)
    })
    return session
  }
  const sessionOf = async (scope: string): Promise<Session> => {
    const kept = sessions.get(scope)
    if (kept === undefined) return keep(scope, open(scope))
    const session = await kept
    if (session.expiresAtMs - now() > refreshBeforeMs) return session
    // Another reader may have begun to renew it while this one waited.
    const newest = sessions.get(scope)
    return newest !== undefined && newest !== kept ? newest : keep(scope, renew(scope, session))
  }

  const baseUrl = async (signal: AbortSignal | undefined): Promise<string> => {
    const catalog = await address.catalog(signal)
    const proxy = catalog?.config.s3Proxy
    return catalog === undefined || proxy === undefined
      ? address.registryUrl(signal)
      : new URL(proxy, `${catalog.url}/`).href.replace(/\/+$/, '')
  }

  const fetchOnce = async (
    scope: string,
    logicalKey: string,
    { range, signal }: BrowseReadOptions,
  ): Promise<HttpAnswer> => {
    const base = await baseUrl(signal)
    const [{ id }, cookieHeader] = await Promise.all([waitFor(sessionOf(scope), signal), cookie.header(base, signal)])
    const path = logicalKey.split('/').map(encodeURIComponent).join('/')
    let url = new URL(`${base}/browse/${encodeURIComponent(id)}/${path}`)
    let redirectedFrom: URL | undefined
    const origin = url.origin
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      // The redirect leads to a presigned S3 URL: token and cookie must not go there.
      const identity =
        url.origin === origin
          ? { authorization: `Bearer ${token}`, ...(cookieHeader ? { cookie: cookieHeader } : {}) }
          : {}
      const headers = { ...identity, ...(range === undefined ? {} : { range }) }
      const answer = await http.send({
        method: 'GET',
        url,
        redirectedFrom,
        headers,
        kind: 'stream',
        idempotent: true,
        signal,
        peer,
      })
      const location = answer.headers.location
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer
      await answer.discard()
      redirectedFrom = url
      url = redirected(location, url)
    }
    throw new QuiltError('upstream', `Reading ${logicalKey}: ${peer} redirects in a circle`, {
      hint: 'Try again later.',
      retryable: false,
    })
  }

  return {
    async read({ bucket, name, topHash }, logicalKey, options = {}) {
      const scope = formatQuiltUri({ bucket, name, topHash })
      let answer = await fetchOnce(scope, logicalKey, options)
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
        // The session or the cookie may have ended at the other side: once more with new ones.
        await answer.discard()
        sessions.delete(scope)
        cookie.forget()
        answer = await fetchOnce(scope, logicalKey, options)
      }
      if (answer.status === 200 || answer.status === 206) return answer
      await answer.discard()
      throw statusError(answer.status, { peer, attempt: `Reading ${logicalKey} of ${name}` })
    },
    async close() {
      const open = [...sessions.values()]
      sessions.clear()
      cookie.forget()
      await Promise.allSettled(
        open.map(async (session) => graphql.run(browsingSessionDisposeMutation, { id: (await session).id })),
      )
    },
  }
}

function redirected(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (target !== undefined && (target.protocol === 'https:' || target.protocol === from.protocol)) return target
  throw new QuiltError('upstream', `${peer} redirects to a place that cannot be followed`, {
    hint: 'Try again later.',
    retryable: false,
  })
}
