// What a client sees when the input is bad, or when the registry or S3 misbehaves. The server stays up; nothing is half written.
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, connectHttp, connectStdio, failure } from './clients.js'
import { type Fault, type FaultProxy, faultProxy } from './fault-proxy.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from './world.js'

let world: World
let registry: FaultProxy
let s3: FaultProxy
let server: HttpServer
let client: Client

beforeAll(async () => {
  world = await aWorld()
  registry = await faultProxy(world.stack.registryUrl)
  s3 = await faultProxy(world.stack.s3Endpoint)
  server = await serveHttp({ ...settingsOf(world), QUILT_REGISTRY_URL: registry.url, AWS_ENDPOINT_URL_S3: s3.url })
  client = await connectHttp(`${server.origin}/mcp`, world.ada.apiKey)
  await call(client, 'package_create', {
    package: 'faults/data',
    bucket: 'lab-a',
    message: 'First',
    entries: [
      { logical_key: 'a.txt', text: 'a' },
      { logical_key: 'b.txt', text: 'b' },
    ],
  })
})
afterEach(() => {
  registry.play(undefined)
  s3.play(undefined)
})
afterAll(async () => {
  await client.close()
  await server.stop()
  await Promise.all([registry.close(), s3.close()])
  await world.close()
})

const data = { package: 'faults/data', bucket: 'lab-a' }

describe('bad input', () => {
  it.each([
    ['an unknown tool', 'package_explode', {}, 'not_found'],
    ['an unknown argument', 'package_list', { bucket: 'lab-a', limt: 5 }, 'invalid_input'],
    ['a missing argument', 'package_list', {}, 'invalid_input'],
    ['a number out of range', 'package_list', { bucket: 'lab-a', limit: 0 }, 'invalid_input'],
    ['an unknown bucket', 'package_list', { bucket: 'nowhere' }, 'not_found'],
    ['an unknown package', 'package_browse', { package: 'no/body', bucket: 'lab-a' }, 'not_found'],
    ['an unknown revision', 'package_browse', { ...data, revision: 'f'.repeat(64) }, 'not_found'],
    ['an unknown prefix of a revision', 'package_browse', { ...data, revision: 'abcdef12' }, 'not_found'],
    ['an unknown path', 'package_browse', { ...data, path: 'no/such/dir' }, 'not_found'],
    ['an unknown file', 'object_read', { uri: 'quilt+s3://lab-a#package=faults/data&path=zzz.txt' }, 'not_found'],
    ['an unknown object', 'object_info', { uri: 's3://lab-a/no/such/key' }, 'not_found'],
    ['an unknown version', 'object_info', { uri: 's3://lab-a/faults/data/a.txt?versionId=nope' }, 'not_found'],
    ['an unknown resource', 'get_resource', { uri: 'quilt-platform://nothing' }, 'not_found'],
    ['a malformed URI', 'package_browse', { package: 'quilt+s3://lab-a/path#package=a/b' }, 'invalid_input'],
    ['a malformed name', 'package_browse', { package: 'one/two/three', bucket: 'lab-a' }, 'invalid_input'],
    [
      'a malformed name for a new package',
      'package_create',
      { package: 'a b/c', bucket: 'lab-a', message: 'x', entries: [{ logical_key: 'x', text: 'x' }] },
      'invalid_input',
    ],
    ['a malformed hash', 'package_browse', { ...data, revision: '!!' }, 'invalid_input'],
    ['a malformed cursor', 'package_list', { bucket: 'lab-a', cursor: 'not-a-cursor' }, 'invalid_input'],
    [
      'a path that leaves the package',
      'package_update',
      { ...data, message: 'x', add: [{ logical_key: '../x', text: 'x' }] },
      'invalid_input',
    ],
    [
      'a file and a directory of one name',
      'package_update',
      { ...data, message: 'x', add: [{ logical_key: 'a.txt/b', text: 'x' }] },
      'invalid_input',
    ],
    [
      'a file to remove that is not there',
      'package_update',
      { ...data, message: 'x', remove: ['zzz'] },
      'invalid_input',
    ],
  ])('%s is one error with a code and a next step', async (_, tool, args, code) => {
    const error = await failure(client, tool, args)
    expect(error).toMatchObject({ code, hint: expect.any(String) as string })
  })

  it('names the argument that was nearly right', async () => {
    const error = await failure(client, 'package_list', { bucket: 'lab-a', limt: 5 })
    expect(error.message).toBe('package_list: there is no argument "limt", did you mean limit?')
  })

  it('takes what models send: text for numbers, JSON text for objects, empty text for nothing, s3:// for a bucket', async () => {
    const listed = await call(client, 'package_list', { bucket: 's3://lab-a', limit: '5', cursor: '', filter: '' })
    expect(listed.packages).toHaveLength(1)
  })

  it('leaves nothing behind: the package is as it was', async () => {
    expect((await call(client, 'package_revisions', data)).total).toBe(1)
  })
})

const graphql = (path: string) => path.startsWith('/graphql')

describe('a registry that', () => {
  const faults: readonly (readonly [string, Fault, readonly string[]])[] = [
    ['answers 500', { kind: 'status', status: 500 }, ['upstream']],
    ['answers 503', { kind: 'status', status: 503 }, ['upstream']],
    [
      'answers HTML',
      { kind: 'status', status: 200, body: '<html>Welcome</html>', contentType: 'text/html' },
      ['upstream'],
    ],
    ['answers garbage', { kind: 'status', status: 200, body: '{"data": {' }, ['upstream', 'partial']],
    ['says 429', { kind: 'status', status: 429 }, ['rate_limited']],
    ['answers with data and errors', { kind: 'errors-beside-data' }, ['partial']],
    ['breaks off in the middle', { kind: 'truncated' }, ['upstream', 'partial']],
  ]

  it.each(faults)('%s: reading fails with a next step, and works again afterwards', async (_, fault, codes) => {
    registry.play(fault, graphql)
    const error = await failure(client, 'package_browse', data)
    expect(codes).toContain(error.code)
    expect(error.hint).toBeTruthy()
    expect(JSON.stringify(error)).not.toContain('Welcome')
    registry.play(undefined)
    expect(await call(client, 'package_browse', data)).toMatchObject({ total_entries: 2 })
  })

  it.each(faults)('%s: an update writes nothing', async (_, fault, codes) => {
    const before = await call(client, 'package_revisions', data)
    registry.play(fault, (path, body) => graphql(path) && !body.includes('PackageConstruct'))
    const error = await failure(client, 'package_update', {
      ...data,
      message: 'x',
      add: [{ logical_key: 'c', text: 'c' }],
    })
    expect(codes).toContain(error.code)
    registry.play(undefined)
    expect(await call(client, 'package_revisions', data)).toEqual(before)
  })

  it('is down: the error says so, over stdio too, and the server stays up', async () => {
    const gone = await faultProxy(world.stack.registryUrl)
    const stdio = await connectStdio({
      ...settingsOf(world),
      QUILT_REGISTRY_URL: gone.url,
      QUILT_API_KEY: world.ada.apiKey,
    })
    await gone.close()
    expect(await failure(stdio, 'bucket_list')).toMatchObject({ code: 'upstream', hint: expect.any(String) as string })
    expect((await stdio.listTools()).tools.length).toBeGreaterThan(10)
    await stdio.close()
  })
})

describe('an S3 that answers 500', () => {
  it('fails the upload of an update before anything is pushed', async () => {
    const before = await call(client, 'package_revisions', data)
    s3.play({
      kind: 'status',
      status: 500,
      contentType: 'application/xml',
      body: '<Error><Code>InternalError</Code></Error>',
    })
    const error = await failure(client, 'package_update', {
      ...data,
      message: 'x',
      add: [{ logical_key: 'd', text: 'd' }],
    })
    expect(error.code).toBe('upstream')
    s3.play(undefined)
    expect(await call(client, 'package_revisions', data)).toEqual(before)
  })
})

describe('a server on stdio that has nothing to sign in with', () => {
  it('starts, lists its tools, and every call says what to set', async () => {
    const stdio = await connectStdio({ PATH: process.env.PATH ?? '' })
    expect((await stdio.listTools()).tools.length).toBeGreaterThan(10)
    const error = await failure(stdio, 'bucket_list')
    expect(error.code).toBe('unauthenticated')
    expect(error.hint).toContain('QUILT_API_KEY')
    await stdio.close()
  })
})
