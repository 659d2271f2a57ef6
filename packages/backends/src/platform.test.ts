import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from './backend.js'
import { readCatalogConfig } from './catalog-config.js'
import { checkToken } from './identity.js'
import { platformBackend } from './platform.js'
import { refusalOf, refusalsOf } from './test/collect.js'
import { startWorld, type World } from './test/world.js'

let world: World
let ada: Backend
let grace: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
  grace = await world.backendOf('grace')
})
afterAll(() => world.close())

describe('identity', () => {
  it('names user, role, catalog, region and how objects are reached', async () => {
    const { registryUrl } = world.stack
    expect(await ada.identity()).toEqual({
      backend: 'platform',
      user: { name: 'ada', email: 'ada@example.com', isAdmin: false },
      role: 'lab-a',
      roles: ['lab-a'],
      catalogUrl: registryUrl,
      registryUrl,
      region: 'us-east-1',
      stackVersion: expect.any(String),
      objectAccess: 'credentials',
    })
  })

  it('an API key is as good as a session token', async () => {
    const backend = await world.backendOf('ada', { token: world.stack.admin.apiKey('ada') })
    expect((await backend.identity()).user?.name).toBe('ada')
  })

  it('the catalog alone is enough: it says where its registry is', async () => {
    const token = await world.stack.admin.sessionToken('ada')
    const backend = platformBackend({ catalogUrl: `${world.stack.registryUrl}/`, token, http: world.http })
    expect((await backend.identity()).registryUrl).toBe(world.stack.registryUrl)
    expect(await readCatalogConfig({ catalogUrl: world.stack.registryUrl })).toEqual({
      registryUrl: world.stack.registryUrl,
    })
  })

  it.each(['', 'nonsense', 'qk_unknown'])('the token %j is unauthenticated everywhere', async (token) => {
    const backend = await world.backendOf('ada', { token })
    const calls = [
      backend.identity(),
      backend.buckets.list(),
      backend.objects.list('lab-a'),
      backend.packages.list('lab-a'),
    ]
    for (const error of await refusalsOf(calls)) expect(error.code).toBe('unauthenticated')
  })
})

describe('checkToken', () => {
  it('tells whose token it is', async () => {
    const token = await world.stack.admin.sessionToken('grace')
    expect(await checkToken({ registryUrl: world.stack.registryUrl, token })).toEqual({
      name: 'grace',
      email: 'grace@example.com',
      isAdmin: false,
      role: 'lab-b',
      roles: ['lab-b'],
    })
  })

  it('is undefined for a token that nobody has', async () => {
    expect(await checkToken({ registryUrl: world.stack.registryUrl, token: 'nonsense' })).toBeUndefined()
  })

  it('is an error, not undefined, when the registry does not answer', async () => {
    expect((await refusalOf(checkToken({ registryUrl: 'http://127.0.0.1:1', token: 't' }))).code).toBe('upstream')
  })
})

describe('buckets', () => {
  it('are those that the role sees', async () => {
    expect((await ada.buckets.list()).items.map(({ name }) => name).sort()).toEqual(['lab-a', 'shared'])
    expect((await grace.buckets.list()).items.map(({ name }) => name).sort()).toEqual(['lab-b', 'shared'])
  })

  it('are listed in pages', async () => {
    const first = await ada.buckets.list({ limit: 1 })
    const second = await ada.buckets.list({ limit: 1, cursor: first.cursor })
    expect([first.total, second.total, second.cursor]).toEqual([2, 2, undefined])
    expect([...first.items, ...second.items].map(({ name }) => name).sort()).toEqual(['lab-a', 'shared'])
  })

  it('one is told with its title and description', async () => {
    expect(await ada.buckets.get('lab-a')).toMatchObject({
      name: 'lab-a',
      title: 'Lab A',
      description: 'What lab A measures',
    })
  })

  it.each(['lab-b', 'nowhere'])('%s is not found, whether it is another tenant’s or nobody’s', async (name) => {
    const error = await refusalOf(ada.buckets.get(name))
    expect([error.code, error.message]).toEqual([
      'not_found',
      `There is no bucket ${name}, or your role may not see it`,
    ])
  })
})

describe('another tenant’s bucket', () => {
  it('is closed in every call', async () => {
    const object = { bucket: 'lab-a', key: 'secret.txt' }
    await ada.objects.put(object, Buffer.from('secret'))
    const ref = { bucket: 'lab-a', name: 'ada/secret' }
    const entries = [{ logicalKey: 'secret.txt', physicalKey: 's3://lab-a/secret.txt' }]
    const { revision } = await ada.packages.push({ ...ref, entries, message: null })
    const calls = [
      grace.objects.list('lab-a'),
      grace.objects.info(object),
      grace.objects.read(object),
      grace.objects.put(object, Buffer.from('x')),
      grace.packages.list('lab-a'),
      grace.packages.revisions(ref),
      grace.packages.resolve(ref),
      grace.packages.open(revision),
      grace.packages.push({ ...ref, entries, message: null }),
      grace.packages.push({ bucket: 'lab-b', name: 'grace/stolen', entries, message: null }),
      grace.packages.remove(ref),
    ]
    for (const error of await refusalsOf(calls)) expect(error.code).toMatch(/^(not_found|forbidden|invalid_input)$/)
    expect((await ada.packages.resolve(ref)).topHash).toBe(revision.topHash)
  })
})
