// Buckets that live in another region than the first one asked.
import { describe, expect, it } from 'vitest'
import { bytesOf, refusalOf } from '../test/collect.js'
import { type Answer, text } from '../test/fault-server.js'
import { bytes, emptyListing } from '../test/faulty-world.js'
import { behindProxy } from '../test/proxy.js'
import { always, playedS3, regionOf } from '../test/s3-server.js'
import { s3Objects } from './s3.js'
import { s3Access } from './s3-access.js'
import { s3Links } from './s3-link.js'

const object = { bucket: 'data', key: 'a.txt' }

const refused = (status: number, code: string, { header, element }: { header?: string; element?: string }): Answer =>
  text(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message>${element === undefined ? '' : `<Region>${element}</Region>`}</Error>`,
    status,
    { 'content-type': 'application/xml', ...(header === undefined ? {} : { 'x-amz-bucket-region': header }) },
  )

/** An S3 whose buckets live in eu-west-2, and who says so in its own way. */
const inEurope =
  (says: Answer, fine: Answer): Answer =>
  (request, ...rest) =>
    (regionOf(request) === 'eu-west-2' ? fine : says)(request, ...rest)

const regionsAsked = (headers: readonly { readonly authorization?: string | undefined }[]) =>
  headers.map((one) => regionOf({ headers: one }))

describe('a bucket in another region', () => {
  it.each([
    ['301 with a header', refused(301, 'PermanentRedirect', { header: 'eu-west-2' })],
    ['307 with a header', refused(307, 'TemporaryRedirect', { header: 'eu-west-2' })],
    ['400 with an element', refused(400, 'AuthorizationHeaderMalformed', { element: 'eu-west-2' })],
  ])('is found by %s, and asked there from then on', async (_way, says) => {
    const { objects, server } = await playedS3(inEurope(says, bytes('fine')))
    for (let time = 0; time < 2; time += 1)
      expect((await bytesOf((await objects.read(object)).body)).toString()).toBe('fine')
    expect(regionsAsked(server.headers)).toEqual(['us-east-1', 'eu-west-2', 'eu-west-2'])
  })

  it('is found by HEAD, too, whose refusal has only headers', async () => {
    const { objects, server } = await playedS3(inEurope(refused(400, 'x', { header: 'eu-west-2' }), bytes('fine')))
    expect((await objects.info(object)).size).toBe(4)
    expect(regionsAsked(server.headers)).toEqual(['us-east-1', 'eu-west-2'])
  })

  it('is written to, with the same bytes', async () => {
    const { objects, server } = await playedS3(
      inEurope(refused(301, 'PermanentRedirect', { header: 'eu-west-2' }), text('', 200, { etag: '"e1"' })),
    )
    await objects.put(object, Buffer.from('hello'))
    expect(server.bodies).toEqual(['hello', 'hello'])
  })

  it('does not change where other buckets are looked for', async () => {
    const { objects, server } = await playedS3((request, ...rest) =>
      request.url?.startsWith('/data')
        ? inEurope(refused(301, 'PermanentRedirect', { header: 'eu-west-2' }), bytes('fine'))(request, ...rest)
        : bytes('fine')(request, ...rest),
    )
    await objects.info(object)
    await objects.info({ bucket: 'other', key: 'a.txt' })
    expect(regionsAsked(server.headers)).toEqual(['us-east-1', 'eu-west-2', 'us-east-1'])
  })

  it('that is refused there, too, is told once: there is no third try', async () => {
    const { objects, server } = await playedS3((request, ...rest) =>
      refused(301, 'PermanentRedirect', { header: regionOf(request) === 'eu-west-2' ? 'us-east-1' : 'eu-west-2' })(
        request,
        ...rest,
      ),
    )
    expect((await refusalOf(objects.read(object))).code).toBe('upstream')
    expect(server.requests).toHaveLength(2)
  })

  it('named by something that is no region is not followed', async () => {
    const evil = refused(301, 'PermanentRedirect', { header: 'evil.example.com/' })
    const { objects, server } = await playedS3(evil)
    expect((await refusalOf(objects.read(object))).code).toBe('upstream')
    expect(server.requests).toHaveLength(1)
  })

  it('is what a link is signed for', async () => {
    const { objects, s3 } = await playedS3(
      inEurope(refused(301, 'PermanentRedirect', { header: 'eu-west-2' }), emptyListing),
    )
    await objects.list('data')
    const { url } = await s3Links({ s3, now: Date.now }).link(object)
    expect(url).toContain('%2Feu-west-2%2Fs3%2Faws4_request')
  })
})

describe('at Amazon', () => {
  it.each([
    ['data', 'data.s3.eu-central-1.amazonaws.com:443'],
    // No certificate of Amazon's fits a name with dots before its own.
    ['data.example.com', 's3.eu-central-1.amazonaws.com:443'],
  ])('the bucket %s is asked at %s', async (bucket, host) => {
    const { http, asked } = await behindProxy()
    const objects = s3Objects({
      s3: s3Access({ credentials: always(), http, region: async () => 'eu-central-1' }),
    })
    await refusalOf(objects.read({ bucket, key: 'a' }))
    expect(asked).toEqual([host])
  })
})
