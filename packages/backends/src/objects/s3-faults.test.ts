// Objects over an S3 that misbehaves. How they work over a sound one is in s3.test.ts.
import { describe, expect, it } from 'vitest'
import { bytesOf, refusalOf } from '../test/collect.js'
import { type Answer, cutOff, hangUp, silence, text, webPage } from '../test/fault-server.js'
import { bytes, exchanges, faultyWorld, object, s3Says, signers } from '../test/faulty-world.js'

describe('what S3 says', () => {
  it.each([
    ['NoSuchKey', 404, 'not_found'],
    ['NoSuchVersion', 404, 'not_found'],
    ['NoSuchBucket', 404, 'not_found'],
    ['MethodNotAllowed', 405, 'not_found'],
    ['AccessDenied', 403, 'forbidden'],
    ['InvalidObjectState', 403, 'unsupported'],
    ['InvalidRange', 416, 'invalid_input'],
    ['SlowDown', 503, 'rate_limited'],
    ['PermanentRedirect', 301, 'upstream'],
    ['InternalError', 500, 'upstream'],
    ['SomethingNew', 400, 'upstream'],
  ])('%s (HTTP %i) is %s', async (code, status, expected) => {
    const { backend } = await faultyWorld([s3Says(code, status)])
    const error = await refusalOf(backend.objects.read(object))
    expect(error.code).toBe(expected)
    expect(error.message).toMatch(/^Reading s3:\/\/data\/a\.txt: /)
    expect(error.hint).toBeTruthy()
  })

  it('a denied access names what was tried, and that the object may be missing', async () => {
    const { backend } = await faultyWorld([s3Says('AccessDenied', 403)])
    const error = await refusalOf(backend.objects.info(object))
    expect([error.code, error.message]).toEqual(['forbidden', 'Looking up s3://data/a.txt: access denied'])
    expect(error.hint).toContain('the object does not exist')
  })

  it.each([
    ['HTTP 500', s3Says('InternalError', 500)],
    ['HTTP 503', s3Says('SlowDown', 503)],
    ['a lost connection', hangUp],
  ])('a read is repeated after %s', async (_fault, fault) => {
    const { backend, s3 } = await faultyWorld([fault, bytes('fine')])
    expect((await bytesOf((await backend.objects.read(object)).body)).toString()).toBe('fine')
    expect(s3.requests).toHaveLength(2)
  })

  it('a body that breaks off is never taken for the whole', async () => {
    const half: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100', etag: '"e1"' })
      response.write('half', () => response.destroy())
    }
    const { backend } = await faultyWorld([half])
    const { body } = await backend.objects.read(object)
    expect((await refusalOf(bytesOf(body))).code).toBe('upstream')
  })

  it('an answer that cannot be from S3 is upstream, and its connection is closed', async () => {
    const { backend } = await faultyWorld([webPage()])
    expect((await refusalOf(backend.objects.read(object))).code).toBe('upstream')
    expect((await refusalOf(backend.objects.info(object))).code).toBe('upstream')
    expect((await refusalOf(backend.objects.put(object, Buffer.from('x')))).code).toBe('upstream')
  })

  it.each([
    ['a web page', webPage()],
    ['half of an answer', cutOff('<ListBucketResult><Contents>')],
    ['nothing', text('')],
  ])('a listing that is %s is upstream, never empty', async (_fault, answer) => {
    const { backend } = await faultyWorld([answer])
    expect((await refusalOf(backend.objects.list('data'))).code).toBe('upstream')
  })

  it('silence is timeout', async () => {
    const { backend } = await faultyWorld([silence])
    expect((await refusalOf(backend.objects.read(object))).code).toBe('timeout')
  })

  it('leaving the loop closes the connection', async () => {
    let closed: () => void = () => {}
    const end = new Promise<void>((resolve) => (closed = resolve))
    const endless: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000000000', etag: '"e1"' })
      response.write('x'.repeat(100))
      response.on('close', closed)
    }
    const { backend } = await faultyWorld([endless])
    for await (const _chunk of (await backend.objects.read(object)).body) break
    await end
  })

  it('a clock that is wrong is set right by what S3 says, and the call repeated once', async () => {
    const serverTime = new Date(Date.now() + 3_600_000)
    const { backend, s3 } = await faultyWorld([
      (request, response, body) => {
        response.setHeader('date', serverTime.toUTCString())
        s3Says('RequestTimeTooSkewed', 403)(request, response, body)
      },
      bytes('fine'),
    ])
    expect((await bytesOf((await backend.objects.read(object)).body)).toString()).toBe('fine')
    const hours = s3.headers.map((headers) => String(headers['x-amz-date']).slice(9, 11))
    expect(hours).toEqual([new Date().toISOString().slice(11, 13), serverTime.toISOString().slice(11, 13)])
  })

  it('an aborted call rejects with the reason of the caller', async () => {
    const { backend } = await faultyWorld([silence])
    const controller = new AbortController()
    const reading = backend.objects.read(object, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('the user left')), 50)
    await expect(reading).rejects.toThrow('the user left')
  })

  it('a failed multipart upload is aborted', async () => {
    const created = text('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>', 200)
    const { backend, s3 } = await faultyWorld([
      (request, response, body) => {
        if (request.method === 'POST') return created(request, response, body)
        if (request.method === 'DELETE') return text('', 204)(request, response, body)
        return s3Says('AccessDenied', 403)(request, response, body)
      },
    ])
    const error = await refusalOf(backend.objects.put(object, new Uint8Array(9 * 1_048_576)))
    expect(error.code).toBe('forbidden')
    expect(s3.requests.at(-1)).toBe('DELETE /data/a.txt?x-id=AbortMultipartUpload&uploadId=u1')
  })
})

describe('credentials that AWS no longer takes', () => {
  it.each([
    'ExpiredToken',
    'InvalidToken',
    'InvalidAccessKeyId',
  ])('%s: they are exchanged again and the call repeated once', async (code) => {
    const { backend, s3, registry } = await faultyWorld([s3Says(code, 400), bytes('fine')])
    expect((await bytesOf((await backend.objects.read(object)).body)).toString()).toBe('fine')
    expect([signers(s3), exchanges(registry)]).toEqual([['key-1', 'key-2'], 2])
  })

  it('are found out for HEAD, too, whose answer has no body', async () => {
    const { backend, s3, registry } = await faultyWorld([
      s3Says('ExpiredToken', 400),
      s3Says('ExpiredToken', 400),
      bytes('fine'),
    ])
    expect((await backend.objects.info(object)).size).toBe(4)
    expect([signers(s3), exchanges(registry)]).toEqual([['key-1', 'key-1', 'key-2'], 2])
  })

  it('end as unauthenticated when the new ones are refused as well', async () => {
    const { backend, registry } = await faultyWorld([s3Says('ExpiredToken', 400)])
    expect((await refusalOf(backend.objects.read(object))).code).toBe('unauthenticated')
    expect(exchanges(registry)).toBe(2)
  })

  it('are exchanged once for many calls at the same time', async () => {
    const { backend, registry } = await faultyWorld([bytes('fine')])
    await Promise.all(Array.from({ length: 20 }, () => backend.objects.info(object)))
    expect(exchanges(registry)).toBe(1)
  })
})
