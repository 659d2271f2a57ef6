import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openBody, readText } from './body.js'
import { crc32c } from './crc32c.js'
import { readRequest } from './request.js'
import { hmacHex, type SigningContext, sha256Hex } from './sigv4.js'

const signing: SigningContext = {
  signingKey: Buffer.from('a signing key'),
  scope: '20260101/us-east-1/s3/aws4_request',
  timestamp: '20260101T000000Z',
  signature: sha256Hex('the request'),
}

const base64 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes.toString('base64')
}

/** Reads a body that was sent with such headers. */
const receive = (body: string, headers: Record<string, string>, payloadHash: string) => {
  const request = new Request('http://localhost/b/k', { method: 'PUT', body, headers })
  return readText(openBody(readRequest(request, '/b/k'), { payloadHash, signing }))
}

describe('an unsigned aws-chunked body with a trailer', () => {
  const chunks = '5\r\nhello\r\n6\r\n world\r\n0\r\n'
  const headers = { 'x-amz-decoded-content-length': '11', 'x-amz-trailer': 'x-amz-checksum-crc32c' }
  const crc = base64(crc32c(Buffer.from('hello world')))
  const unsigned = (body: string, more: Record<string, string> = {}) =>
    receive(body, { ...headers, ...more }, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')

  it('is decoded', async () => {
    expect(await unsigned(`${chunks}x-amz-checksum-crc32c:${crc}\r\n\r\n`)).toBe('hello world')
  })

  it('is refused when the checksum is wrong, missing, or of no known kind', async () => {
    const wrong = unsigned(`${chunks}x-amz-checksum-crc32c:AAAAAA==\r\n\r\n`)
    await expect(wrong).rejects.toMatchObject({ code: 'BadDigest' })
    await expect(unsigned(`${chunks}\r\n`)).rejects.toMatchObject({ code: 'MalformedTrailerError' })
    expect(() => unsigned(chunks, { 'x-amz-trailer': 'constructor' })).toThrow(
      expect.objectContaining({ code: 'InvalidRequest' }),
    )
  })

  it('is refused when it is shorter or longer than announced, or no chunks at all', async () => {
    const trailer = `x-amz-checksum-crc32c:${crc}\r\n\r\n`
    const other = unsigned(chunks + trailer, { 'x-amz-decoded-content-length': '12' })
    await expect(other).rejects.toMatchObject({ code: 'IncompleteBody' })
    await expect(unsigned('5\r\nhel')).rejects.toMatchObject({ code: 'IncompleteBody' })
    await expect(unsigned('no chunks')).rejects.toMatchObject({ code: 'IncompleteBody' })
    await expect(unsigned('x'.repeat(100_000))).rejects.toMatchObject({ code: 'IncompleteBody' })
  })
})

describe('a signed aws-chunked body with a trailer', () => {
  const chunk = (data: string, previous: string) => {
    const toSign = [signing.timestamp, signing.scope, previous, sha256Hex(''), sha256Hex(data)].join('\n')
    return hmacHex(signing.signingKey, `AWS4-HMAC-SHA256-PAYLOAD\n${toSign}`)
  }
  const first = chunk('hello', signing.signature)
  const last = chunk('', first)
  const line = `x-amz-checksum-crc32:${base64(crc32('hello'))}`
  const toSign = [signing.timestamp, signing.scope, last, sha256Hex(`${line}\n`)].join('\n')
  const trailerSignature = hmacHex(signing.signingKey, `AWS4-HMAC-SHA256-TRAILER\n${toSign}`)
  const signed = (signature: string) =>
    receive(
      `5;chunk-signature=${first}\r\nhello\r\n0;chunk-signature=${last}\r\n${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`,
      { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' },
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    )

  it('is decoded', async () => {
    expect(await signed(trailerSignature)).toBe('hello')
  })

  it('is refused when the trailer is not the signed one', async () => {
    await expect(signed(last)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
  })
})

describe('a body that is not chunked', () => {
  it('is refused when its hash is not the signed one, or is no hash', async () => {
    await expect(receive('hello', {}, sha256Hex('other'))).rejects.toMatchObject({ code: 'XAmzContentSHA256Mismatch' })
    expect(() => receive('hello', {}, 'whatever')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
    expect(await receive('hello', {}, sha256Hex('hello'))).toBe('hello')
  })

  it('is refused when its Content-MD5 is none, or another', async () => {
    const md5 = createHash('md5').update('other').digest('base64')
    const other = receive('hello', { 'content-md5': md5 }, 'UNSIGNED-PAYLOAD')
    await expect(other).rejects.toMatchObject({ code: 'BadDigest' })
    const none = receive('hello', { 'content-md5': 'none' }, 'UNSIGNED-PAYLOAD')
    await expect(none).rejects.toMatchObject({ code: 'InvalidDigest' })
  })
})
