// Buckets that are open to the public, and buckets whose reader pays (formats.md 5.8).
import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import type { CredentialSource } from '../credentials/exchange.js'
import { bytesOf, refusalOf, refusalsOf } from '../test/collect.js'
import type { Answer } from '../test/fault-server.js'
import { bytes, emptyListing, s3Says } from '../test/faulty-world.js'
import { playedS3 } from '../test/s3-server.js'
import type { Objects } from './port.js'
import { s3Links } from './s3-link.js'

const object = { bucket: 'data', key: 'a.txt' }

/** Refuses who signs; gives to everybody else. */
const publicOnly: Answer = (request, ...rest) =>
  (request.headers.authorization === undefined ? bytes('open') : s3Says('AccessDenied', 403))(request, ...rest)

const nobody: CredentialSource = {
  available: async () => false,
  get: async () => {
    throw new QuiltError('unauthenticated', 'This machine has no AWS credentials', {
      hint: 'Set AWS_PROFILE.',
      details: { reason: 'no-aws-credentials' },
    })
  },
  drop: () => {},
}

const waysOf = (headers: readonly { readonly authorization?: string | undefined }[]) =>
  headers.map(({ authorization }) => (authorization === undefined ? 'unsigned' : 'signed'))

const textOf = async (objects: Objects) => (await bytesOf((await objects.read(object)).body)).toString()

describe('a public bucket', () => {
  it('is read unsigned after the signed read was refused, and at once from then on', async () => {
    const { objects, server } = await playedS3(publicOnly, { publicReads: true })
    expect([await textOf(objects), await textOf(objects)]).toEqual(['open', 'open'])
    expect(waysOf(server.headers)).toEqual(['signed', 'unsigned', 'unsigned'])
  })

  it('is tried for each operation on its own: who may not list may yet read', async () => {
    const { objects, server } = await playedS3(publicOnly, { publicReads: true })
    await textOf(objects)
    await objects.info(object)
    expect(waysOf(server.headers)).toEqual(['signed', 'unsigned', 'signed', 'unsigned'])
  })

  it('is read again as oneself where the public is refused', async () => {
    let opened = true
    const { objects, server } = await playedS3(
      (request, ...rest) =>
        ((request.headers.authorization === undefined) === opened ? bytes('fine') : s3Says('AccessDenied', 403))(
          request,
          ...rest,
        ),
      { publicReads: true },
    )
    await textOf(objects)
    opened = false
    await textOf(objects)
    expect(waysOf(server.headers)).toEqual(['signed', 'unsigned', 'unsigned', 'signed'])
  })

  it('that refuses both is told as it is told to oneself', async () => {
    const { objects } = await playedS3(s3Says('AccessDenied', 403), { publicReads: true, hintWhenDenied: 'Pay.' })
    const error = await refusalOf(objects.read(object))
    expect([error.code, error.message]).toEqual(['forbidden', 'Reading s3://data/a.txt: access denied'])
    expect(error.hint).toMatch(/ Pay\.$/)
  })

  it('is never written to unsigned', async () => {
    const { objects, server } = await playedS3(publicOnly, { publicReads: true })
    expect((await refusalOf(objects.put(object, Buffer.from('x')))).code).toBe('forbidden')
    expect(waysOf(server.headers)).toEqual(['signed'])
  })

  it('is not tried for a tenant', async () => {
    const { objects, server } = await playedS3(publicOnly)
    expect((await refusalOf(objects.read(object))).code).toBe('forbidden')
    expect(waysOf(server.headers)).toEqual(['signed'])
  })

  it('missing objects are not found, not refused', async () => {
    const { objects } = await playedS3(
      (request, ...rest) =>
        (request.headers.authorization === undefined ? s3Says('NoSuchKey', 404) : s3Says('AccessDenied', 403))(
          request,
          ...rest,
        ),
      { publicReads: true },
    )
    expect((await refusalOf(objects.read(object))).code).toBe('not_found')
  })
})

describe('without any credentials', () => {
  it('public buckets are read', async () => {
    const { objects, server } = await playedS3(emptyListing, { publicReads: true, credentials: nobody })
    expect((await objects.list('data')).items).toEqual([])
    expect(waysOf(server.headers)).toEqual(['unsigned'])
  })

  it('what is not public says that there are none', async () => {
    const { objects } = await playedS3(s3Says('AccessDenied', 403), { publicReads: true, credentials: nobody })
    const error = await refusalOf(objects.read(object))
    expect([error.code, error.hint]).toEqual(['unauthenticated', 'Set AWS_PROFILE.'])
  })

  it('nothing is sent to write, to sign a link, or where the public is not asked for', async () => {
    const { objects, s3, server } = await playedS3(bytes('open'), { publicReads: true, credentials: nobody })
    const closed = await playedS3(bytes('open'), { credentials: nobody })
    for (const error of await refusalsOf([
      objects.put(object, Buffer.from('x')),
      s3Links({ s3, now: Date.now }).link(object),
      closed.objects.read(object),
    ]))
      expect(error.code).toBe('unauthenticated')
    expect([server.requests, closed.server.requests]).toEqual([[], []])
  })
})

describe('a bucket whose reader pays', () => {
  it('is told that the reader agrees, in every request and link; others are not', async () => {
    const { objects, s3, server } = await playedS3(bytes('fine'), { requesterPays: ['data'] })
    await objects.info(object)
    await objects.read(object)
    await objects.put(object, Buffer.from('x'))
    await objects.info({ ...object, bucket: 'free' })
    expect(server.headers.map((headers) => headers['x-amz-request-payer'])).toEqual([
      'requester',
      'requester',
      'requester',
      undefined,
    ])
    expect(server.headers[0]?.authorization).toContain('x-amz-request-payer')
    const { url } = await s3Links({ s3, now: Date.now }).link(object)
    expect(new URL(url).searchParams.get('x-amz-request-payer')).toBe('requester')
  })
})
