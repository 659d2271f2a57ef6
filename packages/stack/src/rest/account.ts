// `/api/...`: signing in and out, tokens, AWS credentials (formats.md 5.5, 6.2).
import { isPackageName } from '@quilt-mcp/core'
import { Hono } from 'hono'
import { z } from 'zod'
import type { IdentityStore } from '../identity/identity-store.js'
import type { NodeBindings } from '../s3/app.js'
import { jsonBody, refusal } from './answer.js'
import { type Caller, requireCaller } from './caller.js'
import type { LoginTries } from './login-tries.js'
import { passwordLogin } from './password-login.js'

export interface AccountDeps {
  readonly identity: IdentityStore
  readonly tries: LoginTries
  /** Seconds for which AWS credentials live. */
  readonly credentialSeconds: number
  /** Whether there are AWS credentials at all. */
  readonly credentialExchange: boolean
}

const nameAndPassword = z.object({ username: z.string(), password: z.string() })
const nameQuestion = z.object({ name: z.string() })

export function accountApi({ identity, tries, credentialSeconds, credentialExchange }: AccountDeps) {
  const app = new Hono<{ Bindings: NodeBindings }>()
  const callerOf = (c: { readonly req: { header(name: string): string | undefined } }): Promise<Caller> =>
    requireCaller(identity, c.req.header('authorization'))

  app.post('/api/login', async (c) => {
    const outcome = await passwordLogin({ identity, tries }, await jsonBody(c.req, nameAndPassword), c.env)
    if (outcome.kind === 'wrong') throw refusal(401, 'User name or password is wrong.')
    if (outcome.kind === 'too-many')
      return c.json({ message: outcome.message }, 429, { 'retry-after': String(outcome.seconds) })
    return c.json(await identity.createSession(outcome.principal.userId))
  })

  app.post('/api/token', async (c) => {
    const { refresh_token } = await c.req.parseBody()
    const next = typeof refresh_token === 'string' ? await identity.exchangeRefreshToken(refresh_token) : undefined
    if (next === undefined) return c.json({ error: 'The code is unknown, expired or was used before.' })
    const { refreshToken, session } = next
    return c.json({ refresh_token: refreshToken, access_token: session.token, expires_at: session.exp })
  })

  app.post('/api/refresh', async (c) => {
    const { principal } = forSessions(await callerOf(c))
    return c.json(await identity.createSession(principal.userId))
  })

  app.get('/api/code', async (c) => {
    const { principal } = forSessions(await callerOf(c))
    return c.json({ code: identity.createRefreshToken(principal.userId) })
  })

  app.post('/api/logout', async (c) => {
    const { token } = await callerOf(c)
    await identity.endSession(token)
    return c.json({})
  })

  app.get('/api/me', async (c) => {
    const { principal } = await callerOf(c)
    const { userId, userName, email, isAdmin, roleName } = principal
    return c.json({ name: userName, email, isAdmin, role: roleName, roles: identity.rolesOf(userId) })
  })

  app.get('/api/auth/get_credentials', async (c) => {
    const { principal } = await callerOf(c)
    if (!credentialExchange) throw refusal(403, 'This stack gives no AWS credentials to its users.')
    const issued = identity.issueCredentials(principal, credentialSeconds)
    return c.json(
      {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: issued.expires.toISOString().replace(/\.\d+Z$/, '+00:00'),
      },
      200,
      { 'cache-control': 'no-store' },
    )
  })

  app.post('/api/package_name_valid', async (c) => {
    await callerOf(c)
    const { name } = await jsonBody(c.req, nameQuestion)
    return c.json({ valid: isPackageName(name) })
  })

  return app
}

/** An API key must not turn into something that outlives it. */
function forSessions(caller: Caller): Caller {
  if (caller.token.startsWith('qk_')) throw refusal(403, 'An API key cannot do this: sign in with a password.')
  return caller
}
