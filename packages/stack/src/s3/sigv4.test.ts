// Vectors of AWS: "Examples: Signature Calculations in AWS Signature Version 4" and "Transferring Payload in Multiple Chunks".
import { describe, expect, it } from 'vitest'
import { decodeChunked } from './aws-chunked.js'
import { readRequest } from './request.js'
import { equalInConstantTime, parseScope, parseTimestamp, sha256Hex, verifySignature } from './sigv4.js'

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const timestamp = '20130524T000000Z'
const scope = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', date: '20130524', region: 'us-east-1', service: 's3' }
const host = 'examplebucket.s3.amazonaws.com'

const verify = (
  target: string,
  {
    method = 'GET',
    headers,
    payloadHash = sha256Hex(''),
    signature,
  }: {
    method?: string
    headers: Record<string, string>
    payloadHash?: string
    signature: string
  },
) => {
  const all = { host, 'x-amz-date': timestamp, 'x-amz-content-sha256': payloadHash, ...headers }
  const request = readRequest(new Request(`http://${host}${target}`, { method, headers: all }), target)
  const signedHeaders = Object.keys(all).sort()
  return verifySignature({ request, scope, timestamp, signedHeaders, payloadHash, signature }, secret)
}

describe('the signature of a request', () => {
  it('is right for GET of an object with a range', () => {
    const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'
    expect(verify('/test.txt', { headers: { range: 'bytes=0-9' }, signature })).toBeDefined()
    expect(verify('/test.txt', { headers: { range: 'bytes=0-8' }, signature })).toBeUndefined()
    expect(verify('/test2.txt', { headers: { range: 'bytes=0-9' }, signature })).toBeUndefined()
  })

  it('is right for PUT of a key with a dollar sign', () => {
    const headers = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' }
    const payloadHash = sha256Hex('Welcome to Amazon S3.')
    const signature = '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'
    expect(verify('/test%24file.text', { method: 'PUT', headers, payloadHash, signature })).toBeDefined()
  })

  it('is right for a query parameter without value, and for a list', () => {
    const lifecycle = 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'
    expect(verify('/?lifecycle', { headers: {}, signature: lifecycle })).toBeDefined()
    const list = '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'
    expect(verify('/?max-keys=2&prefix=J', { headers: {}, signature: list })).toBeDefined()
    expect(verify('/?prefix=J&max-keys=2', { headers: {}, signature: list })).toBeDefined()
  })
})

describe('the signatures of chunks', () => {
  const signing = verify('/examplebucket/chunkObject.txt', {
    method: 'PUT',
    headers: {
      host: 's3.amazonaws.com',
      'content-encoding': 'aws-chunked',
      'content-length': '66824',
      'x-amz-decoded-content-length': '66560',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  })
  const chunks = (letter: string) =>
    [
      `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${'a'.repeat(65536)}\r\n`,
      `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${letter.repeat(1024)}\r\n`,
      '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
    ].join('')

  async function decoded(text: string, piece: number): Promise<number> {
    async function* pieces() {
      for (let at = 0; at < text.length; at += piece) yield Buffer.from(text.slice(at, at + piece))
    }
    if (signing === undefined) throw new Error('the seed signature is wrong')
    let size = 0
    for await (const bytes of decodeChunked(pieces(), { signing, onTrailer: () => {} })) size += bytes.length
    return size
  }

  it.each([
    1, 7, 86, 1000, 70_000,
  ])('are right, however the body is cut on its way: %i bytes at a time', async (piece) => {
    expect(await decoded(chunks('a'), piece)).toBe(66_560)
  })

  it('are wrong when a byte was changed', async () => {
    await expect(decoded(chunks('b'), 1000)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
  })

  it('do not hide that the body ends early', async () => {
    await expect(decoded(chunks('a').slice(0, -90), 1000)).rejects.toMatchObject({ code: 'IncompleteBody' })
    await expect(decoded(chunks('a').slice(0, 30_000), 1000)).rejects.toMatchObject({ code: 'IncompleteBody' })
  })
})

describe('what a signature is made of', () => {
  it('reads a credential scope, and no malformed one', () => {
    expect(parseScope('AKID/20130524/us-east-1/s3/aws4_request')).toEqual({ ...scope, accessKeyId: 'AKID' })
    for (const wrong of ['', 'AKID', 'AKID/2013/us-east-1/s3/aws4_request', '/20130524/us-east-1/s3/aws4_request'])
      expect(parseScope(wrong)).toBeUndefined()
  })

  it('reads a timestamp, and no malformed one', () => {
    expect(parseTimestamp(timestamp)).toEqual(new Date('2013-05-24T00:00:00Z'))
    for (const wrong of ['', '2013-05-24', '20131324T000000Z']) expect(parseTimestamp(wrong)).toBeUndefined()
  })

  it('compares texts of any length', () => {
    expect([equalInConstantTime('a', 'a'), equalInConstantTime('a', 'ab'), equalInConstantTime('', 'a')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
