import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeManifestJson } from '../json/encode.js'
import { manifestText } from '../test/arbitrary-manifest.js'
import { collected, inChunks, utf8 } from '../test/byte-sources.js'
import { header, line, manyLines, read, text } from '../test/manifest-texts.js'
import type { Entry } from './entry.js'
import { openManifest } from './read.js'
import { writeManifest } from './write.js'

const keysOf = (entries: readonly Entry[]): readonly string[] => entries.map((entry) => entry.logicalKey)

describe('openManifest', () => {
  it('reads and writes back, byte for byte, any manifest that quilt3 could have written, however it is cut', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(manifestText, sizes, async (manifest, chunkSizes) => {
        const { batchSizes: _, entries, ...content } = await read(inChunks(Buffer.from(manifest), chunkSizes))
        const written = await collected(writeManifest({ ...content, entries: [entries] }))
        expect(written.toString()).toBe(manifest)
      }),
      { numRuns: 300 },
    )
  })

  it('reads lines that end in CRLF alike', async () => {
    await fc.assert(
      fc.asyncProperty(manifestText, fc.integer({ min: 1, max: 50 }), async (manifest, size) => {
        const windows = Buffer.from(manifest.replaceAll('\n', '\r\n'))
        expect(await read(inChunks(windows, [size]))).toEqual(await read(utf8(manifest)))
      }),
      { numRuns: 50 },
    )
  })

  it('reads a source that uses its buffer again', async () => {
    const bytes = Buffer.from(text(header) + manyLines(3_000))
    async function* source() {
      const buffer = Buffer.alloc(1_000)
      for (let from = 0; from < bytes.length; from += 1_000) {
        buffer.fill('x')
        yield buffer.subarray(0, bytes.copy(buffer, 0, from, from + 1_000))
      }
    }
    expect((await read(source())).entries).toEqual((await read(inChunks(bytes, []))).entries)
  })

  it('yields batches of about a thousand lines', async () => {
    const { entries, batchSizes } = await read(utf8(text(header) + manyLines(10_000)))
    expect(entries).toHaveLength(10_000)
    expect(Math.max(...batchSizes)).toBeLessThanOrEqual(2_000)
    expect(batchSizes.slice(1, -1).every((size) => size >= 1_000)).toBe(true)
  })

  it('reads one entry with everything its line says', async () => {
    const { entries } = await read(
      utf8(
        text(
          header,
          '{"logical_key": "a", "physical_keys": ["s3://b/1", "s3://b/2"], "size": 0, "hash": {"type": "t", "value": "v"}, "meta": {"user_meta": {"n": 1.0}}, "z": 1}',
        ),
      ),
    )
    expect(entries).toEqual([
      {
        logicalKey: 'a',
        physicalKey: 's3://b/1',
        size: 0,
        hash: { type: 't', value: 'v' },
        meta: expect.any(Map),
        unknown: expect.any(Map),
      },
    ])
    expect(encodeManifestJson(entries[0]?.meta ?? null)).toBe('{"user_meta": {"n": 1.0}}')
    expect(encodeManifestJson(entries[0]?.unknown ?? null)).toBe('{"z": 1}')
  })

  it('reads meta null as empty', async () => {
    const { entries } = await read(utf8(text(header, line('a').replace('"meta": {}', '"meta": null'))))
    expect(entries[0]?.meta.size).toBe(0)
  })

  it('reads a line without physical key as metadata of a directory', async () => {
    const { directories, entries } = await read(
      utf8(
        text(
          header,
          '{"logical_key": "d/", "meta": {"a": 1}}',
          '{"logical_key": "e/", "physical_keys": [], "meta": [2]}',
        ),
      ),
    )
    expect(directories.map(({ logicalKey, meta }) => [logicalKey, encodeManifestJson(meta)])).toEqual([
      ['d/', '{"a": 1}'],
      ['e/', '[2]'],
    ])
    expect(entries).toEqual([])
  })

  it('drops the obsolete top_hash of the header and keeps unknown keys', async () => {
    const manifest = await openManifest(utf8(text('{"version": "v0", "top_hash": {"alg": "v0"}, "future": [1]}')))
    expect(encodeManifestJson(manifest.header)).toBe('{"version": "v0", "future": [1]}')
  })

  it('reads compact JSON, escaped characters, blank lines and a last line without its end', async () => {
    const compact = `{"version":"v0"}\n${line('\u00e9').replace('é', '\\u00e9').replaceAll(': ', ':')}\n\n${line('z')}`
    expect(keysOf((await read(utf8(compact))).entries)).toEqual(['é', 'z'])
  })

  it('keeps the order of the file', async () => {
    expect(keysOf((await read(utf8(text(header, line('b'), line('a'), line('c'))))).entries)).toEqual(['b', 'a', 'c'])
  })
})

describe('closing the source', () => {
  const manifest = text(header) + manyLines(50_000)

  it('happens when the loop is left', async () => {
    const source = inChunks(Buffer.from(manifest), [1_000])
    for await (const _ of (await openManifest(source)).lines) break
    expect(source.closed).toBe(true)
  })

  it('happens on close, when only the header is wanted', async () => {
    const source = inChunks(Buffer.from(manifest), [1_000])
    const open = await openManifest(source)
    expect(source.closed).toBe(false)
    await open.close()
    await open.close()
    expect(source.closed).toBe(true)
  })

  it('happens when a line is damaged', async () => {
    const source = inChunks(Buffer.from(text(header, '{"x": }') + manifest), [1_000])
    await expect(read(source)).rejects.toMatchObject({ code: 'upstream' })
    expect(source.closed).toBe(true)
  })

  it('happens when the signal aborts, with its reason', async () => {
    const source = inChunks(Buffer.from(manifest), [1_000])
    const controller = new AbortController()
    const open = await openManifest(source, { signal: controller.signal })
    controller.abort(new Error('enough'))
    const rest = async (): Promise<void> => {
      for await (const _ of open.lines) expect(_).toBeDefined()
    }
    await expect(rest()).rejects.toThrow('enough')
    expect(source.closed).toBe(true)
  })
})
