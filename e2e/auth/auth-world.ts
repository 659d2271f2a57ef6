// A server that takes every kind of token, before two stacks: its own, and another that its operator allows.
import { once } from 'node:events'
import { createServer, request as plainRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { plant } from '../canaries.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from '../world.js'
import { type Claims, hmacToken, inSeconds, type KeyPair, keyPair, publicJwk } from './tokens.js'

const issuer = 'https://issuer.example.com'
const audience = 'https://quilt-mcp.example.com'
/** Under which clients know the server: what the audience of an access token is made of. */
export const publicUrl = 'https://mcp.example.com'

/** Secrets by key id. */
export const secrets = {
  one: plant('JWT secret', 'canary-secret-of-key-one-0123456789abcdef'),
  two: plant('JWT secret', 'canary-secret-of-key-two-0123456789abcdef'),
} as const

/** Publishes keys, and can be switched off. */
export interface KeyServer {
  readonly url: string
  keys: readonly KeyPair[]
  isDown: boolean
  close(): Promise<void>
}

/** Serves a JWKS, and the metadata of an authorization server that has these keys. */
async function keyServer(): Promise<KeyServer> {
  const state = { keys: [] as readonly KeyPair[], isDown: false }
  const server = createServer(({ url }, response) => {
    if (state.isDown) {
      response.writeHead(503).end()
      return
    }
    const metadata = { issuer: origin(), jwks_uri: `${origin()}/jwks`, token_endpoint: `${origin()}/token` }
    const body = url?.startsWith('/.well-known/') === true ? metadata : { keys: state.keys.map(publicJwk) }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, {
    url: origin(),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  })
}

export interface AuthWorld {
  /** The stack of the server, with Ada and Grace. */
  readonly home: World
  /** Another stack, with an Ada and a Grace of its own. */
  readonly other: World
  readonly server: HttpServer
  readonly platformKeys: KeyServer
  readonly oauthKeys: KeyServer
  /** Published in this order. */
  readonly keys: { readonly rsa: KeyPair; readonly ec: KeyPair; readonly ed: KeyPair; readonly oauth: KeyPair }
  /** Claims of a good platform token of the home stack's Ada. */
  claims(changes?: Claims): Claims
  /** Signed with the secret `one`. */
  token(changes?: Claims): string
  /** Claims of a good access token of Ada's. */
  accessClaims(changes?: Claims): Claims
  close(): Promise<void>
}

/** @param settingsFor settings beside the usual ones, once the stack is there */
export async function anAuthWorld(
  settingsFor: (home: World) => Promise<Record<string, string>> = () => Promise.resolve({}),
): Promise<AuthWorld> {
  const [home, other, platformKeys, oauthKeys] = await Promise.all([aWorld(), aWorld(), keyServer(), keyServer()])
  const keys = {
    rsa: keyPair('rsa-1', 'RS256'),
    ec: keyPair('ec-1', 'ES256'),
    ed: keyPair('ed-1', 'EdDSA'),
    oauth: keyPair('oauth-1', 'RS256'),
  }
  platformKeys.keys = [keys.rsa, keys.ec, keys.ed]
  oauthKeys.keys = [keys.oauth]
  const server = await serveHttp({
    ...settingsOf(home),
    QUILT_MCP_ALLOWED_CATALOGS: other.stack.registryUrl,
    QUILT_MCP_JWT_SECRET: JSON.stringify(secrets),
    QUILT_MCP_JWKS_URL: `${platformKeys.url}/jwks`,
    QUILT_MCP_JWT_ISSUER: issuer,
    QUILT_MCP_JWT_AUDIENCE: audience,
    QUILT_MCP_OAUTH_ISSUER: oauthKeys.url,
    QUILT_MCP_PUBLIC_URL: publicUrl,
    ...(await settingsFor(home)),
  })
  const claims = (changes: Claims = {}): Claims => ({
    iss: issuer,
    aud: audience,
    sub: 'ada',
    exp: inSeconds(600),
    catalog_token: home.ada.sessionToken,
    ...changes,
  })
  return {
    home,
    other,
    server,
    platformKeys,
    oauthKeys,
    keys,
    claims,
    token: (changes) => hmacToken(claims(changes), secrets.one, { kid: 'one' }),
    accessClaims: (changes = {}) => ({
      iss: oauthKeys.url,
      aud: `${publicUrl}/mcp/platform`,
      sub: 'ada',
      exp: inSeconds(600),
      scope: 'platform',
      ...changes,
    }),
    async close() {
      await server.stop()
      await Promise.all([home.close(), other.close(), platformKeys.close(), oauthKeys.close()])
    },
  }
}

export interface Answer {
  readonly status: number | undefined
  readonly challenge: string | undefined
  /** The JSON body, or the first event. */
  readonly body: unknown
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }

/** Sends one message with exactly these headers: a list of values sends the header as often. */
export function send(
  { server }: Pick<AuthWorld, 'server'>,
  headers: Readonly<Record<string, string | readonly string[]>>,
  { path = '/mcp', message = ping }: { readonly path?: string; readonly message?: unknown } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-06-18',
      ...headers,
    }
    const flat = Object.entries(all).flatMap(([name, values]) =>
      [values].flat().flatMap((value) => [name, String(value)]),
    )
    const request = plainRequest(
      `${server.origin}${path}`,
      { method: 'POST', headers: 'Host' in headers ? flat : ['Host', new URL(server.origin).host, ...flat] },
      (response) => {
        text(response).then((body) => {
          const first = /^data: (.*)$/m.exec(body)?.[1] ?? body
          const { statusCode, headers } = response
          resolve({
            status: statusCode,
            challenge: headers['www-authenticate'],
            body: first === '' ? undefined : JSON.parse(first),
          })
        }, reject)
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify(message))
  })
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

/** A call of a tool. */
export const toolCall = (name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
})
