// Requests that are made to hang the process, to crash it, or to fill its log.
import { once } from 'node:events'
import { connect } from 'node:net'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { encodeJson, parseJson } from '@quilt-mcp/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { aRegistry, helloHash, type TestRegistry } from './graphql/test/registry.js'

let world: TestRegistry
let s3: S3Client
const defects: unknown[] = []
beforeAll(async () => {
  world = await aRegistry({ onDefect: (error) => defects.push(error) })
  s3 = await world.s3(world.ada)
  await world.put(world.ada, 'lab-a', 'k', 'hello')
})
afterAll(() => world.close())
afterEach(async () => {
  expect((await world.call('/api/me', { token: world.ada })).status).toBe(200)
  expect(defects).toEqual([])
})

const post = (body: string, token?: string): Promise<Response> =>
  world.call('/graphql', { method: 'POST', body, ...(token !== undefined && { token }) })
const ask = (query: string): Promise<Response> => post(JSON.stringify({ query }), world.ada)

describe('GraphQL', () => {
  it.each([
    ['deep JSON', '['.repeat(200_000)],
    ['deep variables', `{"query":"{ me { name } }","variables":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ['no JSON', '{"query":'],
    ['a list', '[]'],
  ])('refuses %s', async (_name, body) => {
    expect((await post(body, world.ada)).status).toBe(400)
  })

  it.each([
    ['of too many fields', `{ ${'me { name } '.repeat(20_000)} }`],
    ['of too many aliases', `{ ${Array.from({ length: 2_000 }, (_, n) => `a${n}: buckets { name }`).join(' ')} }`],
    ['that is too deep', `{ ${'a { '.repeat(20_000)} }`],
    ['with a value that is too deep', `{ package(bucket: ${'['.repeat(20_000)}`],
    ['with a fragment in a circle', '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }'],
  ])('refuses a document %s before it takes time', async (_name, query) => {
    const started = performance.now()
    const answer = await ask(query)
    expect(await answer.json()).toMatchObject({ errors: [{ message: expect.any(String) }] })
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('takes little from who is nobody', async () => {
    const body = JSON.stringify({ query: '{ me { name } }', variables: { pad: 'x'.repeat(100_000) } })
    expect([(await post(body)).status, (await post(body, world.ada)).status]).toEqual([413, 200])
  })

  it('answers one request with one large list, not with hundreds', async () => {
    const entries = Array.from({ length: 5_000 }, (_, n) => ({
      logicalKey: `f/${n}`,
      physicalKey: 's3://lab-a/k?versionId=v1',
      hash: helloHash,
      size: 5,
    }))
    await world.construct(world.ada, { bucket: 'lab-a', name: 'p/big' }, entries)
    const times = (count: number, field: string) =>
      ask(
        `{ package(bucket: "lab-a", name: "p/big") { revision { ${Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ')} } } }`,
      )
    expect(await (await times(2, 'contentsFlatMap(max: 5000)')).json()).not.toHaveProperty('errors')
    const refused = { errors: [{ message: expect.stringContaining('One request is answered with') }] }
    expect(await (await times(41, 'contentsFlatMap(max: 5000)')).json()).toMatchObject(refused)
    const children = 'dir(path: "f") { children { ... on PackageFile { path } } }'
    expect(await (await times(41, children)).json()).toMatchObject({ errors: [{}] })
  })

  it('reads back metadata as deep as it takes any', async () => {
    const taken: number[] = []
    for (const depth of [899, 900, 901, 996]) {
      const userMeta = parseJson(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
      const name = `deep/d${depth}`
      const made = await world.ask(
        world.ada,
        'mutation ($p: PackagePushParams!) { packageConstruct(params: $p, src: { entries: [] }) { __typename } }',
        { p: { bucket: 'lab-a', name, userMeta } },
      )
      if (encodeJson(made.body).includes('nested deeper than 900 levels')) continue
      taken.push(depth)
      const read = await ask(`{ package(bucket: "lab-a", name: "${name}") { revision { userMeta metadata } } }`)
      expect([depth, read.status, await read.text()]).toEqual([depth, 200, expect.not.stringContaining('errors')])
    }
    expect(taken).toEqual([899, 900])
  })
})

describe('S3', () => {
  it.each(['a\r\nset-cookie: x=y', 'ключ', 'a\u0000b'])('refuses %j as a header of the answer', async (value) => {
    const command = new GetObjectCommand({ Bucket: 'lab-a', Key: 'k', ResponseContentDisposition: value })
    const answer = await fetch(await getSignedUrl(s3, command))
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('<Code>InvalidArgument</Code>')])
  })
})

describe('S3, when the client names headers that are none', () => {
  it.each([
    ['in its signature', 'X-Amz-SignedHeaders=host', 'X-Amz-SignedHeaders=host%3Ba%20b'],
    ['in its query', 'X-Amz-SignedHeaders=', 'x-amz-meta-a%20b=c&X-Amz-SignedHeaders='],
  ])('%s, says that the signature is wrong', async (_where, sent, forged) => {
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'lab-a', Key: 'k' }))
    const answer = await fetch(url.replace(sent, forged))
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')])
  })
})

describe('a connection', () => {
  const lines = async (port: string, text: string): Promise<string> => {
    const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8')
    let answer = ''
    socket.on('data', (chunk: string) => (answer += chunk)).on('error', () => {})
    socket.write(text)
    await once(socket, 'close')
    return answer
  }

  it.each([
    'GET //evil/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'GET http://other.example/%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'GET /%zz/%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'GET /a/b HTTP/1.1\r\nHost: ///[::\r\nConnection: close\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'nonsense\r\n\r\n',
  ])('%j is answered or closed', async (text) => {
    for (const url of [world.stack.registryUrl, world.stack.s3Endpoint])
      expect(await lines(new URL(url).port, text)).toMatch(/^(HTTP\/1.1 [2345]|$)/)
  })

  it('with a body that does not come keeps nobody else waiting', async () => {
    const { port } = new URL(world.stack.registryUrl)
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${world.ada}\r\nContent-Length: 1000\r\n\r\n{`,
      )
      return socket
    })
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const started = performance.now()
    expect((await ask('{ me { name } }')).status).toBe(200)
    expect(performance.now() - started).toBeLessThan(3_000)
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')))
    for (const socket of sockets) socket.destroy()
    await closed
  })
})
