import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { chunkedSha256 } from './chunked-sha256.js'
import { fromS3Sha256, hashFromS3 } from './s3-checksum.js'

const mebibyte = 1_048_576
const type = 'sha2-256-chunked'
const helloHash = 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA='
const emptyHash = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='

/** The bytes 0 to 255, over and over. */
function countingBytes(size: number): Buffer {
  return Buffer.alloc(size, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))
}

describe('fromS3Sha256', () => {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')
  const part = 8 * mebibyte

  it('hashes the checksum of a small object once more', () => {
    expect(fromS3Sha256(sha256(Buffer.from('hello')), 5)).toEqual({ type, value: helloHash })
  })

  it('keeps the checksum of an empty object', () => {
    expect(fromS3Sha256(emptyHash, 0)).toEqual({ type, value: emptyHash })
  })

  it('takes the checksum of exactly 8 MiB uploaded as one part', async () => {
    const bytes = countingBytes(part)
    const value = sha256(createHash('sha256').update(bytes).digest())
    expect(fromS3Sha256(`${value}-1`, part)).toEqual(await chunkedSha256(bytes))
    expect(fromS3Sha256(`${value}-1`, part, [part])).toEqual({ type, value })
  })

  it('takes the checksum of parts when they are cut as Quilt cuts', () => {
    expect(fromS3Sha256(`${helloHash}-2`, part + 1, [part, 1])).toEqual({ type, value: helloHash })
    expect(fromS3Sha256(`${helloHash}-2`, 2 * part, [part, part])).toEqual({ type, value: helloHash })
  })

  it('takes a checksum without a count when the parts are known', () => {
    expect(fromS3Sha256(helloHash, part + 1, [part, 1])).toEqual({ type, value: helloHash })
  })

  it.each<[string, string, number, readonly number[] | undefined]>([
    ['a small object uploaded in parts', `${helloHash}-1`, 5, undefined],
    ['a large object uploaded at once', helloHash, part, undefined],
    ['parts of unknown sizes', `${helloHash}-2`, part + 1, undefined],
    ['parts cut elsewhere', `${helloHash}-2`, part + 2, [part + 1, 1]],
    ['a small object of which the parts are known', helloHash, 5, [5]],
    ['too many parts', `${helloHash}-3`, part + 2, [part, 1, 1]],
    ['sizes that do not fit the count', `${helloHash}-2`, part + 1, [part, 1, 0]],
    ['text that is no checksum', 'abc', 5, undefined],
    ['a hash in hex', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 5, undefined],
  ])('does not take %s', (_, checksum, size, partSizes) => {
    expect(fromS3Sha256(checksum, size, partSizes)).toBeUndefined()
  })
})

describe('hashFromS3', () => {
  const sha256 = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='
  const crc = 'M3eFcAZSQlc='

  it('gives sha2-256-chunked unless told otherwise', () => {
    expect(hashFromS3({ sha256, crc64nvme: crc }, 5)).toEqual({ type, value: helloHash })
    expect(hashFromS3({ crc64nvme: crc }, 5)).toBeUndefined()
  })

  it('gives the first type that S3 has a checksum for', () => {
    expect(hashFromS3({ sha256, crc64nvme: crc }, 5, ['CRC64NVME', type])).toEqual({ type: 'CRC64NVME', value: crc })
    expect(hashFromS3({ sha256 }, 5, ['CRC64NVME', type])).toEqual({ type, value: helloHash })
    expect(hashFromS3({ sha256: `${sha256}-1`, crc64nvme: crc }, 5, [type, 'CRC64NVME'])).toMatchObject({ value: crc })
  })

  it('knows the hash of an empty object whatever S3 says', () => {
    expect(hashFromS3({}, 0)).toEqual({ type, value: emptyHash })
    expect(hashFromS3({ sha256: `${sha256}-1` }, 0)).toEqual({ type, value: emptyHash })
    expect(hashFromS3({}, 0, ['CRC64NVME'])).toEqual({ type: 'CRC64NVME', value: 'AAAAAAAAAAA=' })
  })

  it('takes a CRC64NVME of parts of any size, but no text that is none', () => {
    expect(hashFromS3({ crc64nvme: crc, partSizes: [5, 7] }, 12, ['CRC64NVME'])).toMatchObject({ value: crc })
    expect(hashFromS3({ crc64nvme: `${crc}-2` }, 12, ['CRC64NVME'])).toBeUndefined()
  })

  it('needs parts cut as Quilt cuts for sha2-256-chunked', () => {
    const size = 8 * mebibyte + 1
    expect(hashFromS3({ sha256: helloHash, partSizes: [8 * mebibyte, 1] }, size)).toEqual({ type, value: helloHash })
    expect(hashFromS3({ sha256: helloHash, partSizes: [size] }, size)).toBeUndefined()
  })
})
