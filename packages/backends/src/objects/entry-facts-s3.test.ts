import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { PlacedEntry } from '../packages/port.js'
import { bytesOf, refusalOf } from '../test/collect.js'
import { type Answer, hangUp, text } from '../test/fault-server.js'
import { s3Says } from '../test/faulty-world.js'
import { playedS3 } from '../test/s3-server.js'
import { entryFacts } from './entry-facts.js'
import { s3Entries } from './entry-facts-s3.js'

const helloHash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }
const zeros = Buffer.alloc(8_388_609)
const zerosHash = { type: 'sha2-256-chunked', value: 'Y68lgvvPstmbueZHNVw/WNEIEX0Qxy01vyRB//bzz/g=' }
const sha256 = (...bytes: readonly Buffer[]) => {
  const hash = createHash('sha256')
  for (const part of bytes) hash.update(part)
  return hash.digest()
}
/** As S3 gives it for an upload in these parts. */
const checksumOfParts = (parts: readonly Buffer[]) =>
  `${sha256(...parts.map((part) => sha256(part))).toString('base64')}-${parts.length}`

const planned = (physicalKey: string, more: Partial<PlacedEntry> = {}): PlacedEntry => ({
  logicalKey: 'a',
  physicalKey,
  ...more,
})

interface Kept {
  readonly body: Buffer
  readonly versionId?: string
  readonly checksum?: string
  /** What GetObjectAttributes says. */
  readonly parts?: readonly number[] | 'denied'
  /** The n-th GET breaks off, from 1 on. */
  readonly breaks?: number
}

/** An S3 with one object. */
function keeps({ body, versionId, checksum, parts, breaks }: Kept): Answer {
  let gets = 0
  const always = {
    etag: '"e1"',
    ...(versionId === undefined ? {} : { 'x-amz-version-id': versionId }),
    ...(checksum === undefined ? {} : { 'x-amz-checksum-sha256': checksum }),
  }
  return (request, response, sent) => {
    if (request.method === 'HEAD') {
      response.writeHead(200, { ...always, 'content-length': String(body.length) }).end()
    } else if (request.url?.includes('attributes')) {
      attributes(parts)(request, response, sent)
    } else if (request.headers.range === undefined) {
      response.writeHead(200, { ...always, 'content-length': String(body.length) }).end(body)
    } else {
      gets += 1
      const [, first = '0', last = '0'] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
      const piece = body.subarray(Number(first), Number(last) + 1)
      response.writeHead(206, {
        ...always,
        'content-length': String(piece.length),
        'content-range': `bytes ${first}-${last}/${body.length}`,
      })
      if (gets === breaks) response.write(piece.subarray(0, 3), () => response.destroy())
      else response.end(piece)
    }
  }
}

function attributes(parts: Kept['parts']): Answer {
  if (parts === 'denied' || parts === undefined) return s3Says('AccessDenied', 403)
  const list = parts.map((size, index) => `<Part><PartNumber>${index + 1}</PartNumber><Size>${size}</Size></Part>`)
  return text(
    `<GetObjectAttributesResponse><ObjectParts><IsTruncated>false</IsTruncated>${list.join('')}</ObjectParts></GetObjectAttributesResponse>`,
  )
}

async function factsOf(kept: Kept, entry = planned('s3://data/a')) {
  const { s3, server } = await playedS3(keeps(kept))
  const outcome = await entryFacts(s3Entries({ s3 }), entry)
  return { outcome, methods: server.requests.map((request) => request.split(' ')[0]), requests: server.requests }
}

describe('an entry to be made of an object', () => {
  it('gets its version, size and hash from one HEAD when S3 keeps a checksum', async () => {
    const { outcome, requests } = await factsOf({
      body: Buffer.from('hello'),
      versionId: 'v/1',
      checksum: sha256(Buffer.from('hello')).toString('base64'),
    })
    expect(outcome).toEqual({ facts: { physicalKey: 's3://data/a?versionId=v%2F1', size: 5, hash: helloHash } })
    expect(requests).toEqual(['HEAD /data/a'])
  })

  it('is hashed from its bytes where S3 keeps none, or one of parts', async () => {
    for (const checksum of [undefined, checksumOfParts([Buffer.from('hel'), Buffer.from('lo')])]) {
      const { outcome } = await factsOf({ body: Buffer.from('hello'), ...(checksum === undefined ? {} : { checksum }) })
      expect(outcome).toEqual({ facts: { physicalKey: 's3://data/a', size: 5, hash: helloHash } })
    }
  })

  it('whose size is known to be small is read at once, in one request', async () => {
    const body = Buffer.from('hello')
    const known = planned('s3://data/a', { size: 5 })
    const { outcome, requests } = await factsOf({ body, versionId: 'v1' }, known)
    expect(outcome).toEqual({ facts: { physicalKey: 's3://data/a?versionId=v1', size: 5, hash: helloHash } })
    expect(requests).toEqual(['GET /data/a?x-id=GetObject'])
  })

  it('that has another size than it was seen with is refused, read or not', async () => {
    for (const body of [Buffer.from('hello, again'), zeros]) {
      const { outcome } = await factsOf({ body }, planned('s3://data/a', { size: 5 }))
      expect(outcome).toMatchObject({ failure: { name: 'FailedToFetchObjectMetadata' } })
    }
  })

  it('whose small object may not be read is named as HEAD says', async () => {
    const { s3, server } = await playedS3((request, response, body) =>
      request.method === 'GET'
        ? s3Says('AccessDenied', 403)(request, response, body)
        : void response.writeHead(403).end(),
    )
    const outcome = await entryFacts(s3Entries({ s3 }), planned('s3://data/a', { size: 5 }))
    expect(outcome).toMatchObject({ failure: { message: expect.stringContaining('AccessDenied') } })
    expect(server.requests.map((one) => one.split(' ')[0])).toContain('HEAD')
  })

  it('of no bytes is not read', async () => {
    const { outcome, methods } = await factsOf({ body: Buffer.of() })
    const value = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    expect(outcome).toMatchObject({ facts: { size: 0, hash: { value } } })
    expect(methods).toEqual(['HEAD'])
  })

  it('of several parts is not read when S3 hashed it in the parts of Quilt', async () => {
    const checksum = checksumOfParts([zeros.subarray(0, 8_388_608), zeros.subarray(8_388_608)])
    const { outcome, methods } = await factsOf({ body: zeros, checksum, parts: [8_388_608, 1] })
    expect(outcome).toMatchObject({ facts: { hash: zerosHash } })
    expect(methods).toEqual(['HEAD', 'GET'])
  })

  it.each([
    ['S3 hashed it in other parts', [1, 8_388_608] as const],
    ['its parts may not be asked for', 'denied' as const],
  ])('of several parts is read part by part when %s', async (_, parts) => {
    const checksum = checksumOfParts([zeros.subarray(0, 1), zeros.subarray(1)])
    const { outcome, methods } = await factsOf({ body: zeros, checksum, parts })
    expect(outcome).toMatchObject({ facts: { hash: zerosHash } })
    expect(methods).toEqual(['HEAD', 'GET', 'GET', 'GET'])
  })

  it('is read again from where the connection broke off in mid-body', async () => {
    const { outcome, methods } = await factsOf({ body: zeros, breaks: 1 })
    expect(outcome).toMatchObject({ facts: { hash: zerosHash } })
    expect(methods).toEqual(['HEAD', 'GET', 'GET', 'GET'])
  })

  it('that is replaced while it is read is a conflict', async () => {
    const { s3 } = await playedS3((request, response, body) => {
      const answer =
        request.method === 'HEAD' ? text('hello', 200, { etag: '"e1"' }) : s3Says('PreconditionFailed', 412)
      answer(request, response, body)
    })
    expect((await refusalOf(entryFacts(s3Entries({ s3 }), planned('s3://data/a')))).code).toBe('conflict')
  })

  it('keeps the hash that it states, and must have the size that it states', async () => {
    const hash = { type: 'SHA256', value: '0'.repeat(64) }
    const kept = { body: Buffer.from('hello') }
    expect((await factsOf(kept, planned('s3://data/a', { hash }))).outcome).toMatchObject({ facts: { size: 5, hash } })
    const { outcome } = await factsOf(kept, planned('s3://data/a', { size: 4 }))
    expect(outcome).toMatchObject({
      failure: {
        name: 'FailedToFetchObjectMetadata',
        message: 'Failed to fetch the metadata of s3://data/a: the object has 5 bytes, the entry says 4',
      },
    })
  })

  it('with size and hash goes along, quoted as quilt3 does it: nothing is asked', async () => {
    const entry = planned("s3://data/it's?versionId=v1", { size: 5, hash: helloHash })
    const { outcome, requests } = await factsOf({ body: Buffer.of() }, entry)
    expect([outcome, requests]).toEqual([
      { facts: { physicalKey: 's3://data/it%27s?versionId=v1', size: 5, hash: helloHash } },
      [],
    ])
  })

  it.each([
    ['s3://data/a', 404, 'NoSuchKey'],
    ['s3://data/a?versionId=v1', 404, 'NoSuchVersion'],
    ['s3://data/a', 403, 'AccessDenied'],
  ])('%s to which S3 says %i is wrong: %s', async (physicalKey, status, says) => {
    const { s3 } = await playedS3(s3Says(status === 403 ? 'AccessDenied' : 'NoSuchKey', status))
    expect(await entryFacts(s3Entries({ s3 }), planned(physicalKey))).toMatchObject({
      failure: { message: `Failed to fetch the metadata of ${physicalKey}: ${says}` },
    })
  })

  it('is an error of its own when S3 does not answer', async () => {
    const { s3 } = await playedS3(hangUp)
    expect((await refusalOf(entryFacts(s3Entries({ s3 }), planned('s3://data/a')))).code).toBe('upstream')
  })
})

describe('an entry of a package', () => {
  it('is read from the version that it names', async () => {
    const { s3, server } = await playedS3(text('hello', 200, { etag: '"e1"' }))
    const entry = { logicalKey: 'a', physicalKey: 's3://data/a%20b?versionId=v1', size: 5, hash: helloHash }
    expect((await bytesOf((await s3Entries({ s3 }).read(entry)).body)).toString()).toBe('hello')
    expect(server.requests[0]).toMatch(/^GET \/data\/a%20b\?.*versionId=v1/)
  })

  it('that lies in a file is unsupported', async () => {
    const { s3 } = await playedS3(hangUp)
    const read = s3Entries({ s3 }).read({ logicalKey: 'a', physicalKey: 'file:///a', size: 5, hash: helloHash })
    expect((await refusalOf(read)).code).toBe('unsupported')
  })
})
