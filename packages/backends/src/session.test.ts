import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from './backend.js'
import { findSession } from './credentials/find-session.js'
import { logIn, loginTarget } from './credentials/login.js'
import { type SessionOptions, sessionBackend } from './session.js'
import { bytesOf, refusalOf } from './test/collect.js'
import { entriesOf, freshName, putFiles } from './test/packages.js'
import { type UserHome, userHome } from './test/user-home.js'
import { startWorld, type World } from './test/world.js'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** The backend of a home in which somebody may be signed in. */
async function backendAt(home: UserHome, options: Partial<SessionOptions> = {}, at = world): Promise<Backend> {
  const { session } = await findSession({ ...home, http: at.http, token: options.token })
  if (session === undefined) throw new Error('nobody is signed in')
  return sessionBackend({ session, s3Endpoint: at.stack.s3Endpoint, http: at.http, ...options })
}

async function signedIn(at = world, home = userHome()): Promise<UserHome> {
  const target = await loginTarget({ ...home, catalog: at.stack.registryUrl, http: at.http })
  await logIn(at.stack.admin.refreshToken('ada'), { target, http: at.http })
  return home
}

const edited = (home: UserHome, name: string, change: Record<string, unknown>): void => {
  const content = Object(home.json(name))
  home.put(
    name,
    name === 'auth.json'
      ? { [world.stack.registryUrl]: { ...content[world.stack.registryUrl], ...change } }
      : { ...content, ...change },
  )
}

describe('the session of a user who is signed in', () => {
  it('is known to the registry, which also says which buckets there are', async () => {
    const backend = await backendAt(await signedIn())
    const { registryUrl } = world.stack
    expect(await backend.identity()).toEqual({
      backend: 'session',
      user: { name: 'ada', email: 'ada@example.com', isAdmin: false },
      role: 'lab-a',
      roles: ['lab-a'],
      catalogUrl: registryUrl,
      registryUrl,
      region: 'us-east-1',
      stackVersion: '0.1.0',
      objectAccess: 'credentials',
    })
    expect((await backend.buckets.list()).items.map(({ name }) => name)).toEqual(['lab-a', 'shared'])
    expect([backend.name, backend.catalogUrl]).toEqual(['session', registryUrl])
  })

  it('makes packages that the registry shows, and reads those that the registry makes', async () => {
    const backend = await backendAt(await signedIn())
    const platform = await world.backendOf('ada')
    for (const [writer, reader] of [
      [backend, platform],
      [platform, backend],
    ] as const) {
      const ref = freshName()
      const entries = await putFiles(writer, { 'a/one.txt': 'one', 'two.txt': 'two' }, ref.name)
      const { revision } = await writer.packages.push({ ...ref, entries, message: 'both', base: null })
      const found = await reader.packages.resolve(ref)
      expect(found.topHash).toBe(revision.topHash)
      const opened = await reader.packages.open(found)
      expect((await entriesOf(opened)).map(({ logicalKey }) => logicalKey)).toEqual(['a/one.txt', 'two.txt'])
      expect((await bytesOf((await opened.read('a/one.txt')).body)).toString()).toBe('one')
    }
  })

  it('has no bucket that the registry does not show, whatever S3 says of it', async () => {
    const backend = await backendAt(await signedIn())
    const ref = { bucket: 'lab-b', name: 'a/b' }
    const { packages } = backend
    const calls: Promise<unknown>[] = [
      packages.list('lab-b'),
      packages.revisions(ref),
      packages.resolve(ref),
      packages.remove(ref),
    ]
    calls.push(packages.push({ ...ref, entries: [], message: null }))
    for (const refusal of await Promise.all(calls.map(refusalOf))) {
      expect(refusal).toMatchObject({ code: 'not_found', details: { missing: 'bucket', bucket: 'lab-b' } })
    }
    expect(await refusalOf(packages.push({ bucket: 'shared', name: 'a/b', entries: [], message: null }))).toMatchObject(
      {
        code: 'forbidden',
      },
    )
  })

  it('goes on when its token dies in the midst of work', async () => {
    const home = await signedIn()
    const backend = await backendAt(home)
    await backend.identity()
    edited(home, 'auth.json', { access_token: 'revoked' })
    expect((await backend.identity()).user?.name).toBe('ada')
    expect(home.text('auth.json')).not.toContain('revoked')
  })

  it('goes on when AWS no longer takes the credentials in the file', async () => {
    const home = await signedIn()
    edited(home, 'credentials.json', { access_key: 'ASIAREVOKED', token: 'revoked' })
    const backend = await backendAt(home)
    expect((await backend.objects.list('lab-a')).items).toBeInstanceOf(Array)
    expect(home.text('credentials.json')).not.toContain('REVOKED')
  })

  it('that is over says so at every call, and how to sign in; and goes on after that', async () => {
    const home = await signedIn()
    edited(home, 'auth.json', { expires_at: 1, refresh_token: 'used-before' })
    edited(home, 'credentials.json', { expiry_time: '2020-01-01T00:00:00+00:00' })
    const backend = await backendAt(home)
    const calls = [backend.identity(), backend.buckets.list(), backend.packages.list('lab-a')]
    for (const refusal of await Promise.all(calls.map(refusalOf))) {
      expect(refusal).toMatchObject({
        code: 'unauthenticated',
        message: `Your session at ${world.stack.registryUrl} is over`,
        hint: expect.stringContaining('quilt-mcp login'),
      })
    }
    await signedIn(world, home)
    expect((await backend.identity()).user?.name).toBe('ada')
    expect((await backend.packages.list('lab-a')).items).toBeInstanceOf(Array)
  })
})

it('an API key in place of a sign-in works, and is not written down', async () => {
  const home = userHome()
  home.put('config.yml', `registryUrl: ${world.stack.registryUrl}\n`)
  const backend = await backendAt(home, { token: world.stack.admin.apiKey('ada') })
  expect((await backend.identity()).user?.name).toBe('ada')
  expect((await backend.objects.list('lab-a')).items).toBeInstanceOf(Array)
  expect(home.files()).toEqual(['config.yml'])
})

it('a registry that gives no AWS credentials leaves no packages, and the refusal says what to do', async () => {
  const closed = await startWorld({ credentialExchange: false })
  try {
    const backend = await backendAt(await signedIn(closed), {}, closed)
    expect(await refusalOf(backend.packages.list('lab-a'))).toMatchObject({
      code: 'forbidden',
      hint: expect.stringContaining('QUILT_API_KEY'),
    })
  } finally {
    await closed.close()
  }
})
