import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCredentialCache } from '../../credentials/cache.js'
import { exchangedCredentials } from '../../credentials/exchange.js'
import { s3Access } from '../../objects/s3-access.js'
import { behavesAsStore } from '../../test/behaves-as-store.js'
import { refusalOf, refusalsOf } from '../../test/collect.js'
import { type Answer, hangUp, text } from '../../test/fault-server.js'
import { s3Says } from '../../test/faulty-world.js'
import { playedS3 } from '../../test/s3-server.js'
import { all, chunks, keysOf, textAt } from '../../test/store-world.js'
import { startWorld, type World } from '../../test/world.js'
import type { RegistryStore } from './registry-store.js'
import { s3Store } from './s3-store.js'

const buckets = Array.from({ length: 60 }, (_, n) => `store-${n}`)
let world: World
let storeOf: (bucket: string) => RegistryStore
let used = 0

beforeAll(async () => {
  world = await startWorld()
  const { stack, http } = world
  for (const name of buckets) stack.admin.createBucket({ name, title: name })
  stack.admin.createRole({
    name: 'stores',
    permissions: Object.fromEntries(buckets.map((name) => [name, 'READ_WRITE'])),
  })
  stack.admin.createUser({ name: 'lin', email: 'lin@example.com', role: 'stores' })
  const token = await stack.admin.sessionToken('lin')
  const credentials = exchangedCredentials({
    stack: stack.registryUrl,
    registryUrl: async () => stack.registryUrl,
    token,
    http,
    cache: createCredentialCache({ now: Date.now }),
  })
  const s3 = s3Access({ credentials, http, endpoint: stack.s3Endpoint, region: async () => 'us-east-1' })
  storeOf = (bucket) => s3Store({ bucket, s3 })
})
afterAll(() => world.close())

behavesAsStore('objects', () => {
  const bucket = buckets[used++]
  if (bucket === undefined) throw new Error('more buckets are needed')
  return storeOf(bucket)
})

describe('a bucket', () => {
  it('keeps versions, and says which one was written', async () => {
    const store = storeOf('store-0')
    const first = await store.write('versions', Buffer.from('one'))
    const second = await store.write('versions', Buffer.from('two'))
    expect([typeof first.versionId, (await store.info('versions'))?.versionId]).toEqual(['string', second.versionId])
  })

  it('that does not exist is an error, not an empty registry', async () => {
    const error = await refusalOf(all(storeOf('no-such-bucket').list('')))
    expect(['not_found', 'forbidden']).toContain(error.code)
  })

  it('of another tenant is forbidden', async () => {
    const store = storeOf('lab-a')
    const calls = [
      store.info('a'),
      store.read('a'),
      store.write('a', Buffer.of()),
      store.remove('a'),
      all(store.list('')),
    ]
    expect((await refusalsOf(calls)).map(({ code }) => code)).toEqual(Array(5).fill('forbidden'))
  })
})

describe('a list of several pages', () => {
  it('is read to its end', async () => {
    const page = (keys: readonly string[], next?: string) =>
      text(
        `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>${
          next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
        }${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('')}</ListBucketResult>`,
        200,
        { 'content-type': 'application/xml' },
      )
    const pages: Answer = (request, response, body) =>
      (request.url?.includes('continuation-token=t1') ? page(['c%2Bd', 'e+f']) : page(['a', 'b'], 't1'))(
        request,
        response,
        body,
      )
    const { s3, server } = await playedS3(pages)
    expect(await keysOf(s3Store({ bucket: 'data', s3 }))).toEqual(['a', 'b', 'c+d', 'e f'])
    expect(server.requests).toHaveLength(2)
  })
})

interface OddS3 {
  readonly conditions: 'ignored' | 'refused' | 'kept'
  /** Which write is done without being answered, from 1 on. */
  readonly losesAnswer?: number
}

/** An S3 with one object, of its own ideas about conditions. */
function oddS3({ conditions, losesAnswer }: OddS3): Answer {
  let stored: string | undefined
  let version = 0
  const answerTo = ({ method, headers }: Parameters<Answer>[0], body: string): Answer => {
    const etag = `"e${version}"`
    const { 'if-none-match': ifNone, 'if-match': ifMatch } = headers
    if (method === 'GET' || method === 'HEAD') {
      return stored === undefined ? s3Says('NoSuchKey', 404) : text(stored, 200, { etag })
    }
    if (conditions === 'refused' && (ifNone ?? ifMatch) !== undefined) return s3Says('NotImplemented', 501)
    const fails = (ifNone !== undefined && stored !== undefined) || (ifMatch !== undefined && ifMatch !== etag)
    if (conditions === 'kept' && fails) return s3Says('PreconditionFailed', 412)
    version += 1
    stored = method === 'DELETE' ? undefined : body
    return version === losesAnswer ? hangUp : text('', 200, { etag: `"e${version}"` })
  }
  return (request, response, body) => answerTo(request, body)(request, response, body)
}

describe.each(['ignored', 'refused', 'kept'] as const)('an S3 by which conditions are %s', (conditions) => {
  it('still creates only what is not there, and replaces and removes only what is expected', async () => {
    const { s3 } = await playedS3(oddS3({ conditions }))
    const store = s3Store({ bucket: 'data', s3 })
    const first = await store.write('a', Buffer.from('one'), { expected: null })
    expect((await refusalOf(store.write('a', Buffer.from('two'), { expected: null }))).code).toBe('conflict')
    const second = await store.write('a', Buffer.from('two'), { expected: first.etag })
    expect((await refusalOf(store.write('a', Buffer.from('x'), { expected: first.etag }))).code).toBe('conflict')
    expect((await refusalOf(store.remove('a', { expected: first.etag }))).code).toBe('conflict')
    expect(await textAt(store, 'a')).toBe('two')
    await store.remove('a', { expected: second.etag })
    expect(await store.info('a')).toBeUndefined()
  })
})

describe('an S3 that is known to keep conditions', () => {
  it('is not asked beforehand', async () => {
    const { s3, server } = await playedS3(oddS3({ conditions: 'kept' }))
    await s3Store({ bucket: 'data', s3, honoursConditions: true }).write('a', Buffer.from('one'), { expected: null })
    expect(server.requests).toEqual(['PUT /data/a?x-id=PutObject'])
  })

  it('a write whose answer was lost is done, not a conflict with itself', async () => {
    for (const losesAnswer of [1, 2, 3]) {
      const { s3, server } = await playedS3(oddS3({ conditions: 'kept', losesAnswer }))
      const store = s3Store({ bucket: 'data', s3, honoursConditions: true })
      const first = await store.write('a', Buffer.from('one'), { expected: null })
      const second = await store.write('a', Buffer.from('two'), { expected: first.etag })
      expect([first.etag, second.etag, await textAt(store, 'a')]).toEqual(['e1', 'e2', 'two'])
      await store.remove('a', { expected: second.etag })
      expect(server.requests.filter((request) => /^(PUT|DELETE)/.test(request))).toHaveLength(3)
    }
  })

  it('is asked again when it was too busy, and says conflict when another was faster', async () => {
    const odd = oddS3({ conditions: 'kept' })
    let puts = 0
    const { s3 } = await playedS3((request, response, body) => {
      if (request.method === 'PUT') puts += 1
      const answer = request.method === 'PUT' && puts === 1 ? s3Says('SlowDown', 503) : odd
      answer(request, response, body)
    })
    const store = s3Store({ bucket: 'data', s3, honoursConditions: true })
    await store.write('a', Buffer.from('one'), { expected: null })
    expect([puts, await textAt(store, 'a')]).toEqual([2, 'one'])
    expect((await refusalOf(store.write('a', Buffer.from('two'), { expected: null }))).code).toBe('conflict')
  })
})

describe('credentials that die while a stream is written', () => {
  const stream = (size: number) => ({ size, body: chunks('x'.repeat(size)) })

  it('do not matter to a short one: it is sent again', async () => {
    let puts = 0
    const { s3 } = await playedS3((request, response, body) => {
      puts += 1
      const answer = puts === 1 ? s3Says('ExpiredToken', 400) : text('', 200, { etag: '"e1"' })
      answer(request, response, body)
    })
    await s3Store({ bucket: 'data', s3 }).write('a', stream(100))
    expect(puts).toBe(2)
  })

  it('do not matter to a long one: the part is sent again with new ones, and no other', async () => {
    let refused = false
    const { s3, server } = await playedS3((request, response, body) => {
      const created = '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'
      const completed = '<CompleteMultipartUploadResult><ETag>"e1"</ETag></CompleteMultipartUploadResult>'
      const answer = () => {
        if (request.method === 'POST') return text(request.url?.includes('uploads') ? created : completed)
        if (refused) return text('', 200, { etag: '"e1"' })
        refused = true
        return s3Says('ExpiredToken', 400)
      }
      answer()(request, response, body)
    })
    await s3Store({ bucket: 'data', s3 }).write('a', stream(9_000_000))
    expect(server.requests.map((request) => request.split(' ')[0])).toEqual(['POST', 'PUT', 'PUT', 'PUT', 'POST'])
  })
})

describe('without the right to list the bucket', () => {
  const unlisted: Answer = (request, response, body) =>
    (request.method === 'PUT' ? text('', 200, { etag: '"e1"' }) : s3Says('AccessDenied', 403))(request, response, body)

  it('a missing key cannot be told from a hidden one, and the hint says so', async () => {
    const { s3 } = await playedS3(unlisted)
    const error = await refusalOf(s3Store({ bucket: 'data', s3 }).info('a'))
    expect([error.code, error.message]).toEqual(['forbidden', 'Looking up s3://data/a: access denied'])
    expect(error.hint).toContain('without the right to list a bucket')
  })

  it('a new object can still be created: S3 itself decides that it is new', async () => {
    const { s3, server } = await playedS3(unlisted)
    await s3Store({ bucket: 'data', s3 }).write('a', Buffer.from('one'), { expected: null })
    expect(server.headers.at(-1)?.['if-none-match']).toBe('*')
  })
})

describe('a bucket whose readers pay', () => {
  it('hears with every request that the caller agrees to pay', async () => {
    const { s3, server } = await playedS3(oddS3({ conditions: 'kept' }), { requesterPays: ['data'] })
    const store = s3Store({ bucket: 'data', s3 })
    await store.write('a', Buffer.from('one'))
    await textAt(store, 'a')
    await store.info('a')
    await store.remove('a')
    expect(server.headers.map((headers) => headers['x-amz-request-payer'])).toEqual(Array(4).fill('requester'))
  })
})
