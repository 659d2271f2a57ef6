import { compareCodePoints } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeyPage, listInShards } from './key-shards.js'
import type { ObjectListItem } from './port.js'

/** A bucket that answers as S3 does, and counts. */
function bucketOf(keys: readonly string[], pageSize: number) {
  const sorted = [...new Set(keys)].sort(compareCodePoints)
  const asked: (string | undefined)[] = []
  let atOnce = 0
  let most = 0
  return {
    asked,
    most: () => most,
    below: (prefix: string) => sorted.filter((key) => key.startsWith(prefix)),
    page:
      (prefix: string) =>
      async (after: string | undefined): Promise<KeyPage> => {
        asked.push(after)
        most = Math.max(most, ++atOnce)
        await new Promise(setImmediate)
        atOnce--
        const following = sorted.filter(
          (key) => key.startsWith(prefix) && (after === undefined || compareCodePoints(key, after) > 0),
        )
        const items = following.slice(0, pageSize).map((key): ObjectListItem => ({ key, size: 1, modified: 'now' }))
        return { items, isLast: following.length <= pageSize }
      },
  }
}

async function keysOf(batches: AsyncIterable<readonly ObjectListItem[]>): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const batch of batches) keys.push(...batch.map(({ key }) => key))
  return keys
}

const parts = fc.constantFrom(
  '',
  'a',
  'b',
  'ab',
  '0',
  '7',
  'run-01',
  'é',
  'ключ',
  '😀',
  '\uffee',
  ' ',
  '.',
  '..',
  '!',
  '~',
  '\t',
)
const anyKey = fc.oneof(
  fc.array(parts, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
  fc.array(parts, { minLength: 1, maxLength: 4 }).map((names) => `data/${names.join('')}`),
  fc.nat(5_000).map((number) => `data/${String(number).padStart(5, '0')}.txt`),
)

describe('a listing at several places at once', () => {
  it('tells every key of any bucket once, as one after the other would', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyKey, { maxLength: 80 }),
        fc.constantFrom('', 'data/', 'data', '/', 'a', 'ключ', '😀'),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 6 }),
        async (keys, prefix, pageSize, width) => {
          const bucket = bucketOf(keys, pageSize)
          const found = await keysOf(listInShards({ prefix, width, page: bucket.page(prefix) }))
          expect(found.toSorted(compareCodePoints)).toEqual(bucket.below(prefix))
          expect(bucket.most()).toBeLessThanOrEqual(width)
        },
      ),
      { numRuns: 300 },
    ))

  it.each([
    ['numbered', (at: number) => `data/run-${String(at).padStart(6, '0')}.fastq.gz`],
    ['hexadecimal', (at: number) => `data/${((at * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}`],
    ['in folders', (at: number) => `data/${['alice', 'bob', 'carol', 'dave'][at % 4]}/day-${at % 31}/${at}.csv`],
  ])('of %s keys takes hardly more requests, and makes most of them beside each other', async (_, nameOf) => {
    const bucket = bucketOf(
      Array.from({ length: 4_000 }, (_, at) => nameOf(at)),
      20,
    )
    expect(await keysOf(listInShards({ prefix: 'data/', page: bucket.page('data/') }))).toHaveLength(4_000)
    // One after the other: 200.
    expect(bucket.asked.length).toBeLessThan(350)
    expect(bucket.most()).toBe(16)
  })

  it('of one page takes one request', async () => {
    const bucket = bucketOf(['a', 'b'], 1_000)
    expect(await keysOf(listInShards({ prefix: '', page: bucket.page('') }))).toEqual(['a', 'b'])
    expect(bucket.asked).toEqual([undefined])
  })

  it('ends with the error of a page, and asks for no more', async () => {
    const bucket = bucketOf(
      Array.from({ length: 500 }, (_, at) => String(at)),
      5,
    )
    const page = async (after: string | undefined) => {
      if (bucket.asked.length > 20) throw new Error('broken off')
      return bucket.page('')(after)
    }
    await expect(keysOf(listInShards({ prefix: '', page }))).rejects.toThrow('broken off')
    const asked = bucket.asked.length
    await new Promise(setImmediate)
    expect(bucket.asked).toHaveLength(asked)
  })

  it('ends the requests under way when its reader leaves', async () => {
    const bucket = bucketOf(
      Array.from({ length: 500 }, (_, at) => String(at).padStart(4, '0')),
      5,
    )
    const ended: AbortSignal[] = []
    const page = (after: string | undefined, signal: AbortSignal) => {
      ended.push(signal)
      return bucket.page('')(after)
    }
    for await (const _ of listInShards({ prefix: '', page })) break
    expect(ended.every(({ aborted }) => aborted)).toBe(true)
  })
})
