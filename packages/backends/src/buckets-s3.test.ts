// The buckets of an AWS identity, on a real stack and over an S3 that plays rights and regions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Buckets } from './backend.js'
import { versioningNotes } from './bucket-versioning.js'
import { s3Buckets } from './buckets-s3.js'
import { s3Access } from './objects/s3-access.js'
import { refusalOf } from './test/collect.js'
import { type Answer, text } from './test/fault-server.js'
import { s3Says } from './test/faulty-world.js'
import { issuedKeys } from './test/issued-keys.js'
import { always, playedS3, regionOf } from './test/s3-server.js'
import { startWorld, type World } from './test/world.js'

let world: World

beforeAll(async () => {
  world = await startWorld()
  const ada = await world.backendOf('ada')
  await ada.packages.push({ bucket: 'lab-a', name: 'ada/data', entries: [], message: null })
})
afterAll(() => world.close())

async function bucketsOf(user: 'ada' | 'grace', named?: readonly string[]): Promise<Buckets> {
  const s3 = s3Access({
    credentials: always(await issuedKeys(world, user)),
    http: world.http,
    endpoint: world.stack.s3Endpoint,
    region: async () => 'us-east-1',
  })
  return s3Buckets({ s3, named, now: Date.now })
}

describe('the buckets', () => {
  it('are those that were named, in that order, each once', async () => {
    const buckets = await bucketsOf('ada', ['shared', 'lab-a', 'shared'])
    expect(await buckets.list()).toEqual({ items: [{ name: 'shared' }, { name: 'lab-a' }], total: 2 })
  })

  it('are otherwise those of the account that hold packages', async () => {
    expect((await (await bucketsOf('ada')).list()).items).toEqual([{ name: 'lab-a' }])
  })

  it('are all that may be listed when none holds packages: any can become a registry', async () => {
    expect((await (await bucketsOf('grace')).list()).items).toEqual([{ name: 'lab-b' }, { name: 'shared' }])
  })

  it('come in pages', async () => {
    const buckets = await bucketsOf('ada', ['a-1', 'a-2', 'a-3'])
    const first = await buckets.list({ limit: 2 })
    expect(first.items.map(({ name }) => name)).toEqual(['a-1', 'a-2'])
    expect((await buckets.list({ limit: 2, cursor: first.cursor })).items).toEqual([{ name: 'a-3' }])
  })

  it('say whether they keep versions', async () => {
    expect(await (await bucketsOf('ada')).get('lab-a')).toEqual({ name: 'lab-a', versioned: true })
  })

  it.each(['lab-b', 'missing-bucket'])('that cannot be seen are not found: %s', async (name) => {
    const error = await refusalOf((await bucketsOf('ada')).get(name))
    expect([error.code, error.details]).toEqual(['not_found', { missing: 'bucket', bucket: name }])
  })

  it('have names', async () => {
    expect((await refusalOf((await bucketsOf('ada')).get('s3://lab-a'))).code).toBe('invalid_input')
  })
})

const xml = (body: string): Answer => text(`<?xml version="1.0"?>${body}`, 200, { 'content-type': 'application/xml' })
const listing = (keys: number) =>
  xml(`<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>${keys}</KeyCount></ListBucketResult>`)

/** An account: which buckets there are on which page of their list, and how each answers. */
const account =
  (pages: readonly string[], buckets: Readonly<Record<string, Answer>>): Answer =>
  (request, ...rest) => {
    const url = new URL(request.url ?? '', 'http://s3')
    const bucket = buckets[url.pathname.slice(1).replace(/\/$/, '')]
    if (bucket !== undefined) return bucket(request, ...rest)
    const page = Number(url.searchParams.get('continuation-token') ?? '0')
    const next = page + 1 < pages.length ? `<ContinuationToken>${page + 1}</ContinuationToken>` : ''
    return xml(`<ListAllMyBucketsResult><Buckets>${pages[page]}</Buckets>${next}</ListAllMyBucketsResult>`)(
      request,
      ...rest,
    )
  }
const named = (...names: readonly string[]) => names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')

describe('discovering', () => {
  it('goes through all pages, and leaves out what may not be listed or is gone', async () => {
    const { s3 } = await playedS3(
      account([named('one', 'closed'), named('gone', 'empty', 'two')], {
        one: listing(1),
        closed: s3Says('AccessDenied', 403),
        gone: s3Says('NoSuchBucket', 404),
        empty: listing(0),
        two: listing(1),
      }),
    )
    expect((await s3Buckets({ s3, now: Date.now }).list()).items).toEqual([{ name: 'one' }, { name: 'two' }])
  })

  it('asks each bucket where the list says that it lives', async () => {
    const { s3, server } = await playedS3(
      account(['<Bucket><Name>far</Name><BucketRegion>eu-west-2</BucketRegion></Bucket>'], { far: listing(1) }),
    )
    await s3Buckets({ s3, now: Date.now }).list()
    expect(server.requests[0]).toContain('max-buckets=1000')
    expect(server.headers.map((headers) => regionOf({ headers }))).toEqual(['us-east-1', 'eu-west-2'])
  })

  it('is done once in five minutes, and tells how far it is', async () => {
    let nowMs = 0
    const { s3, server } = await playedS3(account([named('one')], { one: listing(1) }))
    const buckets = s3Buckets({ s3, now: () => nowMs })
    const progress: unknown[] = []
    await Promise.all([buckets.list({ onProgress: (step) => progress.push(step) }), buckets.list()])
    await buckets.list()
    expect(server.requests).toHaveLength(2)
    nowMs = 300_000
    await buckets.list()
    expect(server.requests).toHaveLength(4)
    expect(progress).toEqual([{ done: 1, total: 1, message: 'Looking for packages in buckets' }])
  })

  it('goes on for the others when one of them leaves', async () => {
    const { s3 } = await playedS3(account([named('one')], { one: listing(1) }))
    const buckets = s3Buckets({ s3, now: Date.now })
    const controller = new AbortController()
    const reason = new Error('the user left')
    const [left, stayed] = [buckets.list({ signal: controller.signal }), buckets.list()]
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    expect((await stayed).items).toEqual([{ name: 'one' }])
  })

  it('that failed is tried again by the next who asks', async () => {
    let up = false
    const open = account([named('one')], { one: listing(1) })
    const { s3 } = await playedS3((...call) => (up ? open : s3Says('InternalError', 400))(...call))
    const buckets = s3Buckets({ s3, now: Date.now })
    expect((await refusalOf(buckets.list())).code).toBe('upstream')
    up = true
    expect((await buckets.list()).items).toEqual([{ name: 'one' }])
  })

  it('that is not allowed says to name them', async () => {
    const { s3 } = await playedS3(s3Says('AccessDenied', 403))
    const error = await refusalOf(s3Buckets({ s3, now: Date.now }).list())
    expect([error.code, error.details]).toEqual(['forbidden', { reason: 'no-list-buckets' }])
    expect(error.hint).toContain('--registry s3://bucket')
  })

  it('that fails half-way is an error, never a shorter list', async () => {
    const { s3 } = await playedS3(
      account([named('one', 'two')], { one: listing(1), two: s3Says('InternalError', 500) }),
    )
    expect((await refusalOf(s3Buckets({ s3, now: Date.now }).list())).code).toBe('upstream')
  })
})

describe('a bucket', () => {
  it('that was named is there even for who may not list it; whether it keeps versions is not known', async () => {
    const { s3 } = await playedS3(s3Says('AccessDenied', 403))
    const buckets = s3Buckets({ s3, named: ['data'], now: Date.now })
    expect(await buckets.get('data')).toEqual({ name: 'data' })
    expect((await refusalOf(buckets.get('other'))).code).toBe('not_found')
  })

  it.each([
    ['<VersioningConfiguration/>', false],
    ['<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>', false],
    ['<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>', true],
  ])('with %s: versioned is %s', async (configuration, versioned) => {
    const { s3 } = await playedS3(xml(configuration))
    expect(await s3Buckets({ s3, now: Date.now }).get('data')).toEqual({ name: 'data', versioned })
  })

  it('whose versioning may not be asked for is still shown', async () => {
    const { s3 } = await playedS3((request, ...rest) =>
      (request.url?.includes('versioning') ? s3Says('AccessDenied', 403) : text(''))(request, ...rest),
    )
    expect(await s3Buckets({ s3, now: Date.now }).get('data')).toEqual({ name: 'data' })
  })
})

describe('who pushes', () => {
  it('into a bucket without versions is told what that means', async () => {
    const { s3 } = await playedS3(xml('<VersioningConfiguration/>'))
    expect(await versioningNotes(s3)('data')).toEqual([
      'The bucket data keeps no versions: when an object is overwritten, this revision can no longer show what it was made of. Switch versioning on for the bucket.',
    ])
  })

  it.each([
    ['with versions', xml('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>')],
    ['that may not be asked', s3Says('AccessDenied', 403)],
    ['of a store that does not know the question', s3Says('NotImplemented', 501)],
  ])('into a bucket %s is told nothing', async (_what, answer) => {
    const { s3 } = await playedS3(answer)
    expect(await versioningNotes(s3)('data')).toEqual([])
  })
})
