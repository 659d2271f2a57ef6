import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkedSha256 } from './chunked-sha256.js'
import { createParallelSha256, type RangeSource } from './parallel.js'

const mebibyte = 1_048_576
const counting = Buffer.alloc(20 * mebibyte, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))

/** Bytes in memory, how many reads there were, and how many at most at the same time. */
function sourceOf(bytes: Buffer) {
  const counts = { reads: 0, running: 0, most: 0 }
  const source: RangeSource = {
    size: bytes.length,
    async fill(into, start) {
      counts.reads += 1
      counts.most = Math.max(counts.most, ++counts.running)
      await new Promise((resolve) => setImmediate(resolve))
      bytes.copy(into, 0, start, start + into.length)
      counts.running -= 1
    },
  }
  return { source, counts }
}

describe('createParallelSha256', () => {
  it.each([
    ['nothing', Buffer.alloc(0), '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    ['hello', Buffer.from('hello'), 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA='],
    ['8 MiB of zeros', Buffer.alloc(8_388_608), 'MIsGKY+ykqN4CPj3gGGu4Gv03N7OWKWpsZqEf+OrGJs='],
    ['8 MiB and one of zeros', Buffer.alloc(8_388_609), 'Y68lgvvPstmbueZHNVw/WNEIEX0Qxy01vyRB//bzz/g='],
    ['20 MiB of counting bytes', counting, 'jlOQJudio7Gr8QqPvEra/UYL7VVPPIwcyf0baj1gbyw='],
  ])('hashes %s (formats.md 4.2)', async (_, bytes, value) => {
    const { hash } = createParallelSha256({ concurrency: 2 })
    expect(await hash(sourceOf(bytes).source)).toEqual({ type: 'sha2-256-chunked', value })
  })

  it('agrees with the stream for many objects at the same time, each with its own hash', async () => {
    const { hash } = createParallelSha256({ concurrency: 3 })
    const sizes = fc.array(fc.oneof(fc.nat(200_000), fc.integer({ min: 8_000_000, max: 17_000_000 })), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const objects = lengths.map((length, index) => counting.subarray(index, index + length))
        const hashes = await Promise.all(objects.map((bytes) => hash(sourceOf(bytes).source)))
        expect(hashes).toEqual(await Promise.all(objects.map((bytes) => chunkedSha256(bytes))))
      }),
      { numRuns: 10 },
    )
  })

  it('reads no more parts at the same time than it is told, over all objects', async () => {
    const { source, counts } = sourceOf(counting)
    const { hash } = createParallelSha256({ concurrency: 2 })
    await Promise.all([hash(source), hash(source), hash(source)])
    expect(counts).toEqual({ reads: 9, running: 0, most: 2 })
  })

  it('reads a part of 64 MiB through a buffer of 32 MiB', async () => {
    const lengths: number[] = []
    const stop = new Error('enough was seen')
    const source: RangeSource = {
      size: 10_000 * 64 * mebibyte,
      fill(into, start) {
        lengths.push(into.length)
        return start === 0 ? Promise.resolve() : Promise.reject(stop)
      },
    }
    await expect(createParallelSha256({ concurrency: 1 }).hash(source)).rejects.toBe(stop)
    expect(lengths).toEqual([32 * mebibyte, 32 * mebibyte])
  })

  it('fails as reading fails, reads no further part, and hashes the next object all the same', async () => {
    const { hash } = createParallelSha256({ concurrency: 1 })
    const { source, counts } = sourceOf(counting)
    const broken: RangeSource = {
      size: counting.length,
      fill: () => source.fill(new Uint8Array(), 0).then(() => Promise.reject(new Error('no access'))),
    }
    await expect(hash(broken)).rejects.toThrow('no access')
    expect(counts.reads).toBe(1)
    expect(await hash(source)).toEqual(await chunkedSha256(counting))
  })

  it('stops when it is aborted', async () => {
    const { hash } = createParallelSha256({ concurrency: 1 })
    const { source, counts } = sourceOf(counting)
    await expect(hash(source, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
    expect(counts.reads).toBe(0)
  })

  it.each([0, 1.5, Number.NaN])('refuses to hash %d parts at the same time', (concurrency) => {
    expect(() => createParallelSha256({ concurrency })).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
