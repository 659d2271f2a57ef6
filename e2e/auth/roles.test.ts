// The auth table, last part: AWS roles. The server's own identity asks STS for them, and does nothing else.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../world.js'
import { type AuthWorld, anAuthWorld, bearer, send, toolCall } from './auth-world.js'

const arn = (name: string) => `arn:aws:iam::000000000000:role/${name}`

let world: AuthWorld
let metricsPort: number
beforeAll(async () => {
  metricsPort = await freePort()
  world = await anAuthWorld(async ({ stack }) => {
    // What a task role is on AWS: it may take the roles of both tenants.
    stack.admin.createUser({
      name: 'broker',
      email: 'broker@example.com',
      role: 'analysts-a',
      extraRoles: ['analysts-b'],
    })
    const answer = await fetch(`${stack.registryUrl}/api/auth/get_credentials`, {
      headers: bearer(await stack.admin.sessionToken('broker')),
    })
    const issued = (await answer.json()) as Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken', string>
    return {
      QUILT_MCP_ASSUME_ROLES: 'true',
      QUILT_MCP_METRICS_PORT: String(metricsPort),
      AWS_ENDPOINT_URL_STS: stack.s3Endpoint,
      AWS_ACCESS_KEY_ID: issued.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: issued.SecretAccessKey,
      AWS_SESSION_TOKEN: issued.SessionToken,
    }
  })
})
afterAll(() => world.close())

/** A platform token that the registry does not know. */
const token = (changes: object) => world.token({ catalog_token: undefined, ...changes })
const list = (bucket: string) => toolCall('bucket_objects_list', { bucket })
const outcome = async (claims: object, bucket: string, role?: string) => {
  const headers = { ...bearer(token(claims)), ...(role !== undefined && { 'X-Quilt-User-Role': role }) }
  const { status, body } = await send(world, headers, { message: list(bucket) })
  const { result } = body as { result?: { structuredContent: { error?: { code: string } } } }
  return result === undefined ? status : (result.structuredContent.error?.code ?? 'served')
}

it('acts in the role of the token: it reaches what the role may, and no more', async () => {
  expect(await outcome({ role_arn: arn('analysts-a') }, 'lab-a')).toBe('served')
  expect(await outcome({ role_arn: arn('analysts-a') }, 'lab-b')).toBe('forbidden')
  expect(await outcome({ role_arn: arn('analysts-b') }, 'lab-b')).toBe('served')
})

it('acts in the role that the request chose, request by request, by ARN or by name', async () => {
  const claims = { roles: [arn('analysts-a'), arn('analysts-b')] }
  const asked = [
    ['lab-a', 'analysts-a'],
    ['lab-b', 'analysts-a'],
    ['lab-a', arn('analysts-b')],
    ['lab-b', arn('analysts-b')],
  ] as const
  const outcomes = await Promise.all(asked.map(([bucket, role]) => outcome(claims, bucket, role)))
  expect(outcomes).toEqual(['served', 'forbidden', 'forbidden', 'served'])
})

it('never acts in another role than the one that was chosen, though the registry would give credentials', async () => {
  const headers = {
    ...bearer(world.token({ roles: [arn('analysts-b')] })),
    'X-Quilt-User-Role': 'analysts-b',
  }
  const { body } = await send(world, headers, { message: list('lab-a') })
  expect(body).toMatchObject({ result: { structuredContent: { error: { code: 'forbidden' } } } })
})

it.each([
  ['a role that its own identity may not take', { role_arn: arn('admin') }],
  ['no role, and a token that the registry does not know', {}],
  [
    'credentials in the token that are over',
    { aws_credentials: { access_key_id: 'A', secret_access_key: 'S', expiration: 1 } },
  ],
])('never falls back to its own identity: %s', async (_what, claims) => {
  expect(await outcome(claims, 'lab-a')).toMatch(/^(forbidden|unauthenticated)$/)
})

it('is refused a role that the token does not list, before anybody is asked', async () => {
  expect(await outcome({ roles: [arn('analysts-a')] }, 'lab-b', 'analysts-b')).toBe(403)
})

it('counts what became of the roles it asked for', async () => {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  expect(text).toMatch(/quilt_mcp_role_assumptions_total\{outcome="assumed"\} [4-9]/)
  expect(text).toMatch(/quilt_mcp_role_assumptions_total\{outcome="refused"\} [1-9]/)
})
