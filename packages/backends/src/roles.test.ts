// A user with two roles at a real stack: what they see, hold and remember follows the role that is active.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Backend } from './backend.js'
import { createCredentialCache } from './credentials/cache.js'
import type { HttpClient } from './http/client.js'
import { createIndexCache } from './packages/indexes/index-cache.js'
import { platformBackend } from './platform.js'
import { bytesOf, refusalOf } from './test/collect.js'
import { type Answer, faultServer, json, text } from './test/fault-server.js'
import { freshName, putFiles } from './test/packages.js'
import { testHttp } from './test/s3-server.js'
import { startWorld, type World } from './test/world.js'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** Joan is lab-a at first, and may be lab-b. */
beforeEach(async () => {
  const { admin } = world.stack
  admin.createUser({ name: 'joan', email: 'joan@example.com', role: 'lab-a', extraRoles: ['lab-b'] })
  await rolesOf(joan(await admin.sessionToken('joan'))).switch('lab-a')
})

const credentialCache = createCredentialCache()
const indexes = createIndexCache()
function joan(token: string, http: HttpClient = world.http): Backend {
  const { registryUrl, s3Endpoint } = world.stack
  return platformBackend({ registryUrl, s3Endpoint, token, http, credentialCache, indexes })
}
const session = () => world.stack.admin.sessionToken('joan')

function rolesOf({ roles }: Backend) {
  if (roles === undefined) throw new Error('no roles')
  return roles
}

const bucketsOf = async (backend: Backend) => (await backend.buckets.list()).items.map(({ name }) => name).sort()

describe('switching the role', () => {
  it('says the role before and the one now', async () => {
    const backend = joan(await session())
    expect(await rolesOf(backend).switch('lab-b')).toEqual({
      before: 'lab-a',
      role: 'lab-b',
      roles: ['lab-a', 'lab-b'],
    })
    expect(await backend.identity()).toMatchObject({
      role: 'lab-b',
      roles: ['lab-a', 'lab-b'],
      objectAccess: 'credentials',
    })
  })

  it.each([
    ['a session token', session],
    ['an API key', async () => world.stack.admin.apiKey('joan')],
  ])('changes what %s sees, reads and writes at once, whatever was kept', async (_what, token) => {
    const backend = joan(await token())
    const [hers, next] = [
      { bucket: 'lab-a', key: 'x' },
      { bucket: 'lab-b', key: 'x' },
    ]
    await backend.objects.put(hers, Buffer.from('a'))
    expect(await bucketsOf(backend)).toEqual(['lab-a', 'shared'])
    expect((await refusalOf(backend.objects.put(next, Buffer.from('b')))).code).toBe('forbidden')

    await rolesOf(backend).switch('lab-b')
    expect(await bucketsOf(backend)).toEqual(['lab-b', 'shared'])
    await backend.objects.put(next, Buffer.from('b'))
    expect((await refusalOf(backend.objects.read(hers))).code).toBe('forbidden')
    expect((await refusalOf(backend.objects.list('lab-a'))).code).toBe('forbidden')
  })

  it('takes away packages, and files of packages that were just read', async () => {
    const backend = joan(await session())
    const ref = freshName()
    const entries = await putFiles(backend, { 'a.txt': 'hello' }, 'roles')
    const { revision } = await backend.packages.push({ ...ref, entries, message: 'm' })
    const reader = await backend.packages.open(revision)
    expect((await reader.entry('a.txt')).size).toBe(5)

    await rolesOf(backend).switch('lab-b')
    expect((await refusalOf(backend.packages.open(revision))).code).toBe('not_found')
    // A reader from before the switch remembers nothing either.
    expect((await refusalOf(reader.entry('a.txt'))).code).toMatch(/^(partial|not_found|forbidden)$/)
    expect((await refusalOf(reader.read('a.txt'))).code).toMatch(/^(not_found|forbidden)$/)
  })

  it('exchanges the token anew, once, for all backends of the token', async () => {
    const exchanges: string[] = []
    const counting: HttpClient = {
      ...world.http,
      send(request) {
        if (request.url.pathname.endsWith('get_credentials')) exchanges.push(request.method)
        return world.http.send(request)
      },
    }
    const token = await session()
    const [one, other] = [joan(token, counting), joan(token, counting)]
    await Promise.all([one.objects.list('lab-a'), other.objects.list('lab-a')])
    expect(exchanges).toHaveLength(1)
    await rolesOf(one).switch('lab-b')
    await Promise.all([one.objects.list('lab-b'), other.objects.list('lab-b')])
    expect(exchanges).toHaveLength(2)
  })

  it('is noticed by the other sessions of the user when they next ask who they are', async () => {
    const [one, other] = [joan(await session()), joan(await session())]
    expect((await other.identity()).role).toBe('lab-a')
    await other.objects.list('lab-a')
    await rolesOf(one).switch('lab-b')
    expect((await other.identity()).role).toBe('lab-b')
    expect((await refusalOf(other.objects.list('lab-a'))).code).toBe('forbidden')
    await other.objects.list('lab-b')
  })

  it('to a role that one does not have is refused with the list of those that one has, and changes nothing', async () => {
    const backend = joan(await session())
    for (const role of ['admins', 'LAB-A', '']) {
      const error = await refusalOf(rolesOf(backend).switch(role))
      expect([error.code, error.message, error.hint, error.details]).toEqual([
        'invalid_input',
        `You do not have the role ${JSON.stringify(role)}`,
        'Your roles: lab-a, lab-b. An administrator gives others.',
        { roles: ['lab-a', 'lab-b'] },
      ])
    }
    expect((await backend.identity()).role).toBe('lab-a')
  })

  it('is unauthenticated for a token that the registry does not know', async () => {
    expect((await refusalOf(rolesOf(joan('nonsense')).switch('lab-a'))).code).toBe('unauthenticated')
  })
})

describe('a registry that does not switch', () => {
  const me = {
    name: 'joan',
    email: 'j@example.com',
    isAdmin: false,
    role: { name: 'a' },
    roles: [{ name: 'a' }, { name: 'b' }],
  }
  const issued = json({ AccessKeyId: 'A', SecretAccessKey: 's', SessionToken: 't', Expiration: '2099-01-01T00:00:00Z' })

  async function answering(switching: Answer) {
    const registry = await faultServer((request, response, body) => {
      const answer =
        request.url === '/api/auth/get_credentials'
          ? issued
          : body.includes('switchRole')
            ? switching
            : json({ data: { me } })
      answer(request, response, body)
    })
    const s3 = await faultServer(text('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>', 200))
    const backend = platformBackend({ registryUrl: registry.url, s3Endpoint: s3.url, token: 't', http: testHttp() })
    onTestFinished(() => backend.close())
    const sent = (part: string) =>
      registry.requests.filter((request, at) => request.includes(part) || registry.bodies[at]?.includes(part)).length
    return { backend, sent }
  }

  it.each([
    [
      'InvalidInput',
      { errors: [{ path: 'roleName', name: 'RoleNotFound', message: 'No such role', context: null }] },
      'invalid_input',
    ],
    ['OperationError', { name: 'Oops', message: 'No', context: null }, 'upstream'],
  ])('and says so with %s is an error', async (__typename, said, code) => {
    const { backend } = await answering(json({ data: { switchRole: { __typename, ...said } } }))
    expect((await refusalOf(rolesOf(backend).switch('b'))).code).toBe(code)
  })

  it('or does not answer, after it has perhaps switched, is asked once; nothing of the old role is used again', async () => {
    const { backend, sent } = await answering(json({ message: 'gone' }, 502))
    await backend.objects.list('data')
    expect((await refusalOf(rolesOf(backend).switch('b'))).code).toBe('upstream')
    await backend.objects.list('data')
    expect([sent('switchRole('), sent('get_credentials')]).toEqual([1, 2])
  })
})

describe('who reads through browse sessions', () => {
  it('has none of the old role after a switch', async () => {
    const { admin } = world.stack
    const token = await admin.sessionToken('joan')
    const writer = joan(token)
    const ref = freshName()
    const entries = await putFiles(writer, { 'a.txt': 'hello' }, 'browsed')
    const { revision } = await writer.packages.push({ ...ref, entries, message: 'm' })
    // A registry that exchanges nothing: the rest goes to the stack.
    const refusing: HttpClient = {
      ...world.http,
      async send(request) {
        const { pathname } = request.url
        if (!pathname.endsWith('get_credentials')) return world.http.send(request)
        return world.http.send({ ...request, url: new URL(`${world.stack.registryUrl}/nowhere`) })
      },
    }
    const { registryUrl, s3Endpoint } = world.stack
    const backend = platformBackend({ registryUrl, s3Endpoint, token, http: refusing })
    const reader = await backend.packages.open(revision)
    expect(String(await bytesOf((await reader.read('a.txt')).body))).toBe('hello')
    await rolesOf(backend).switch('lab-b')
    expect((await refusalOf(reader.read('a.txt'))).code).toMatch(/^(not_found|forbidden)$/)
    await rolesOf(backend).switch('lab-a')
    expect(String(await bytesOf((await reader.read('a.txt')).body))).toBe('hello')
    await backend.close()
  })
})
