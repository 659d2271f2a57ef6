import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inChunks } from '../test/byte-sources.js'
import { checkTotalBytes, chunkedSha256, partSizeBytes } from './chunked-sha256.js'

const mebibyte = 1_048_576
const type = 'sha2-256-chunked'
const helloHash = 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA='
const emptyHash = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='

/** The bytes 0 to 255, over and over. */
function countingBytes(size: number): Buffer {
  return Buffer.alloc(size, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))
}

describe('partSizeBytes', () => {
  it.each([
    [0, 8_388_608, 0],
    [1, 8_388_608, 1],
    [8_388_608, 8_388_608, 1],
    [83_886_080_000, 8_388_608, 10_000],
    [83_886_080_001, 16_777_216, 5_001],
    [167_772_160_000, 16_777_216, 10_000],
    [167_772_160_001, 33_554_432, 5_001],
    [5_497_558_138_880, 1_073_741_824, 5_120],
  ])('cuts %d bytes into parts of %d: %d of them', (size, partBytes, parts) => {
    expect(partSizeBytes(size)).toBe(partBytes)
    expect(Math.ceil(size / partSizeBytes(size))).toBe(parts)
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (size) => {
    expect(() => partSizeBytes(size)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('chunkedSha256', () => {
  it.each([
    ['nothing', Buffer.alloc(0), emptyHash],
    ['hello', Buffer.from('hello'), helloHash],
    ['Hello, World!', Buffer.from('Hello, World!'), 'BCp9ZKWB7y7pg/IQWIAcw1ZjtwXmxV9i+o4PGOzHCYk='],
    [
      '# This is a test package',
      Buffer.from('# This is a test package\n'),
      'JvRxeMunq4eK7c1I8s4YNg2ajaE9BtNEg/0pdpEGv58=',
    ],
    ['8 MiB less one of zeros', Buffer.alloc(8_388_607), '6D2pq48irFt4HfUg5jZ5Mh0xLWnHtZnvhWpbUMHXGos='],
    ['8 MiB of zeros', Buffer.alloc(8_388_608), 'MIsGKY+ykqN4CPj3gGGu4Gv03N7OWKWpsZqEf+OrGJs='],
    ['8 MiB and one of zeros', Buffer.alloc(8_388_609), 'Y68lgvvPstmbueZHNVw/WNEIEX0Qxy01vyRB//bzz/g='],
    ['20 MiB of counting bytes', countingBytes(20 * mebibyte), 'jlOQJudio7Gr8QqPvEra/UYL7VVPPIwcyf0baj1gbyw='],
  ])('of %s', async (_, bytes, value) => {
    expect(await chunkedSha256(bytes)).toEqual({ type, value })
    expect(await chunkedSha256(inChunks(bytes, [1_000_003]), bytes.length)).toEqual({ type, value })
    expect(await chunkedSha256(inChunks(bytes, [mebibyte]))).toEqual({ type, value })
  })

  it('does not depend on how the bytes come', async () => {
    const bytes = countingBytes(17 * mebibyte)
    const whole = await chunkedSha256(bytes)
    const sizes = fc.array(fc.integer({ min: 300_000, max: 9_000_000 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(sizes, async (chunkSizes) => {
        expect(await chunkedSha256(inChunks(bytes, chunkSizes), bytes.length)).toEqual(whole)
      }),
      { numRuns: 10 },
    )
  })

  it('is partial when fewer bytes come than announced, upstream when more', async () => {
    await expect(chunkedSha256(Buffer.from('hell'), 5)).rejects.toMatchObject({ code: 'partial' })
    await expect(chunkedSha256(Buffer.from('hello!'), 5)).rejects.toMatchObject({ code: 'upstream' })
  })

  it('refuses more than 80,000 MiB when the size was not known', () => {
    expect(() => checkTotalBytes(83_886_080_000, undefined)).not.toThrow()
    expect(() => checkTotalBytes(83_886_080_001, undefined)).toThrow(expect.objectContaining({ code: 'unsupported' }))
    expect(() => checkTotalBytes(83_886_080_001, 83_886_080_001)).not.toThrow()
  })
})
