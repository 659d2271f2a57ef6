import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { createAllowList } from '../tenancy/allow-list.js'
import { createStacks } from '../tenancy/stacks.js'
import { createAuthenticator, type VerifiedToken } from './authenticate.js'
import { badToken } from './registry-verifier.js'

const home = { registryUrl: 'https://registry.example.com' }
const role = 'arn:aws:iam::123456789012:role/scientist'
const jwt = 'aaa.bbb.ccc'

/** An authenticator for which these tokens verify here, and those at the registry. */
function authenticator({
  verified = {},
  known = {},
  assumesRoles = true,
  allowedRoles = [],
}: {
  verified?: Record<string, VerifiedToken>
  known?: Record<string, string>
  assumesRoles?: boolean
  allowedRoles?: readonly string[]
}) {
  const asked: string[] = []
  const { authenticate } = createAuthenticator({
    local: { verify: (token) => Promise.resolve(verified[token]) },
    registry: {
      verify: async ({ token }) => {
        asked.push(token)
        const name = known[token]
        if (name === undefined) throw badToken()
        return { name, role: 'reader' }
      },
      forget: () => {},
    },
    stacks: createStacks(home, createAllowList(['lab-a.example.com'])),
    assumesRoles,
    allowedRoles,
  })
  return { authenticate, asked }
}
const platform = (payload: object): VerifiedToken => ({ kind: 'platform', payload: { sub: 'ada', ...payload } })

describe('a platform token that verifies here', () => {
  const principal = (payload: object, wishes = {}) =>
    authenticator({ verified: { [jwt]: platform(payload) } }).authenticate(jwt, wishes)

  it('is its bearer, and the registry is not asked', async () => {
    const { authenticate, asked } = authenticator({
      verified: { [jwt]: platform({ permissions: ['g'], buckets: ['a'] }) },
    })
    expect(await authenticate(jwt, {})).toMatchObject({
      token: jwt,
      scheme: 'jwt',
      subject: 'ada',
      stack: home,
      rights: { permissions: ['s3:GetObject'], buckets: ['a'] },
      readOnly: false,
    })
    expect(asked).toEqual([])
  })

  it('sends its registry the token that was issued for it, and itself where there is none', async () => {
    expect(await principal({ catalog_token: 'inner' })).toMatchObject({ registryToken: 'inner', exchanges: true })
    expect(await principal({})).toMatchObject({ registryToken: jwt, exchanges: true })
  })

  it('is not exchanged when it brings its own way into AWS and nothing for the registry', async () => {
    expect(await principal({ role_arn: role })).toMatchObject({ exchanges: false, role })
    expect(await principal({ role_arn: role, catalog_token: 'inner' })).toMatchObject({ exchanges: true, role })
  })

  it('is exchanged all the same where roles are not assumed: there is no other way', async () => {
    const { authenticate } = authenticator({ verified: { [jwt]: platform({ role_arn: role }) }, assumesRoles: false })
    expect(await authenticate(jwt, {})).toMatchObject({ exchanges: true, role: undefined })
  })

  it('acts in a role that the request chose in that role alone: no exchange, no credentials of the token', async () => {
    const payload = {
      catalog_token: 'inner',
      roles: [role],
      aws_credentials: { access_key_id: 'AK', secret_access_key: 'SK' },
    }
    const chosen = await principal(payload, { role: 'scientist' })
    expect(chosen).toMatchObject({ exchanges: false, role })
    expect(chosen.credentials).toBeUndefined()
    expect((await principal(payload)).credentials).toMatchObject({ accessKeyId: 'AK' })
  })

  it('leads to the catalog it names, when that is allowed, and nowhere when it is not', async () => {
    expect(await principal({ catalog_url: 'https://lab-a.example.com' })).toMatchObject({
      stack: { catalogUrl: 'https://lab-a.example.com' },
    })
    await expect(principal({ catalog_url: 'https://evil.example.com' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it.each([
    ['scope', { scope: 'read' }, true],
    ['level', { level: 'read' }, true],
    ['a compressed level', { r: ['x'], l: 'read' }, true],
    ['scopes of which one writes', { scope: 'read write' }, false],
    ['permissions', { level: 'read', permissions: ['s3:PutObject'] }, false],
    ['nothing', {}, false],
  ])('is for reading alone by its %s: %j', async (_what, payload, readOnly) => {
    expect((await principal(payload)).readOnly).toBe(readOnly)
  })

  it('is no token of ours without a subject: then the registry decides', async () => {
    const { authenticate, asked } = authenticator({
      verified: { [jwt]: { kind: 'platform', payload: { role_arn: role } } },
    })
    await expect(authenticate(jwt, {})).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(asked).toEqual([jwt])
  })
})

describe('an access token', () => {
  const access = (more: Partial<VerifiedToken> = {}): Record<string, VerifiedToken> => ({
    [jwt]: { kind: 'oauth', payload: { sub: 'ada', iss: 'https://connect', role_arn: role, buckets: [] }, ...more },
  })

  it('goes to the configured registry, and its other claims mean nothing here', async () => {
    expect(await authenticator({ verified: access() }).authenticate(jwt, {})).toMatchObject({
      scheme: 'jwt',
      subject: 'ada',
      stack: home,
      registryToken: jwt,
      rights: {},
      role: undefined,
    })
  })

  it('is refused without the scope, and cannot be led to another catalog', async () => {
    await expect(
      authenticator({ verified: access({ missingScope: true }) }).authenticate(jwt, {}),
    ).rejects.toMatchObject({
      code: 'forbidden',
      details: { reason: 'insufficient-scope' },
    })
    await expect(
      authenticator({ verified: access() }).authenticate(jwt, { catalogUrl: 'https://lab-a.example.com' }),
    ).rejects.toMatchObject({ details: { reason: 'other-catalog' } })
  })
})

describe('a token that nobody verifies here', () => {
  it('is whose the registry says, told apart by its form', async () => {
    const { authenticate } = authenticator({ known: { qk_1: 'ada', [jwt]: 'grace', opaque: 'lin' } })
    const schemes = await Promise.all(['qk_1', jwt, 'opaque'].map((token) => authenticate(token, {})))
    expect(schemes.map(({ scheme, subject }) => [scheme, subject])).toEqual([
      ['api-key', 'ada'],
      ['session', 'grace'],
      ['bearer', 'lin'],
    ])
    expect(new Set(schemes.map(({ id }) => id)).size).toBe(3)
  })

  it('lists no roles: none can be chosen', async () => {
    await expect(authenticator({ known: { qk_1: 'ada' } }).authenticate('qk_1', { role })).rejects.toMatchObject({
      details: { reason: 'role-not-listed' },
    })
  })

  it('is not given the roles either that the operator allows: they are for platform tokens', async () => {
    const { authenticate } = authenticator({
      known: { qk_1: 'ada' },
      verified: { [jwt]: platform({}), access: { kind: 'oauth', payload: { sub: 'ada' } } },
      allowedRoles: [role],
    })
    expect(await authenticate(jwt, { role })).toMatchObject({ role, exchanges: false })
    for (const token of ['qk_1', 'access']) {
      await expect(authenticate(token, { role })).rejects.toMatchObject({ details: { reason: 'role-not-listed' } })
    }
  })

  it('is refused when the registry does not know it', async () => {
    await expect(authenticator({}).authenticate('qk_1', {})).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is not refused, but not served either, while nobody can tell', async () => {
    const { authenticate } = createAuthenticator({
      registry: { verify: () => Promise.reject(new QuiltError('upstream', 'down')), forget: () => {} },
      stacks: createStacks(home, createAllowList([])),
      assumesRoles: false,
      allowedRoles: [],
    })
    await expect(authenticate('qk_1', {})).rejects.toMatchObject({ code: 'upstream' })
  })
})
