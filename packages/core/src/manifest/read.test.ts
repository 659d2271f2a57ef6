import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeManifestJson } from '../json/encode.js'
import { manifestText } from '../test/arbitrary-manifest.js'
import { collected, inChunks, utf8 } from '../test/byte-sources.js'
import type { DirectoryMeta, Entry } from './entry.js'
import { openManifest, type ReadManifestOptions } from './read.js'
import { writeManifest } from './write.js'

const header = '{"version": "v0", "message": null}'
const line = (key: string, more = ''): string =>
  `{"logical_key": ${JSON.stringify(key)}, "physical_keys": ["s3://b/k"], "size": 5, "hash": {"type": "SHA256", "value": "00"}, "meta": {}${more}}`
const text = (...lines: readonly string[]): string => lines.map((each) => `${each}\n`).join('')
const manyLines = (count: number): string =>
  text(...Array.from({ length: count }, (_, index) => line(`f${String(index).padStart(6, '0')}`)))

async function read(source: AsyncIterable<Uint8Array>, options?: ReadManifestOptions) {
  const manifest = await openManifest(source, options)
  const directories: DirectoryMeta[] = []
  const entries: Entry[] = []
  const batchSizes: number[] = []
  for await (const batch of manifest.lines) {
    directories.push(...batch.directories)
    entries.push(...batch.entries)
    batchSizes.push(batch.directories.length + batch.entries.length)
  }
  return { header: manifest.header, directories, entries, batchSizes }
}

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

describe('a damaged manifest', () => {
  it.each([
    ['an error page', text('<html>', '</html>'), 'line 1 of the manifest is damaged: it is not valid JSON'],
    ['a header that is no object', text('[]'), 'line 1 of the manifest is damaged: it is not an object'],
    ['a blank header', text('', line('a')), 'line 1 of the manifest is damaged: it is not valid JSON'],
    [
      'a broken line',
      text(header, line('a'), '{"logical_key": }', line('b')),
      'line 3 of the manifest is damaged: it is not valid JSON',
    ],
    ['a line that is no object', text(header, '1'), 'line 2 of the manifest is damaged: it is not an object'],
    ['no logical key', text(header, '{"meta": {}}'), 'line 2 of the manifest is damaged: it has no logical_key'],
    [
      'a physical key that is no URL',
      text(header, line('a').replace('"s3://b/k"', '5')),
      'line 2 of the manifest is damaged: physical_keys holds no URL',
    ],
    [
      'no size',
      text(header, line('a').replace('"size": 5', '"size": null')),
      'line 2 of the manifest is damaged: size is not a number of bytes',
    ],
    [
      'a size with a fraction',
      text(header, line('a').replace('"size": 5', '"size": 5.0')),
      'line 2 of the manifest is damaged: size is not a number of bytes',
    ],
    [
      'no hash',
      text(header, line('a').replace(/"hash": \{.*?\}/, '"hash": null')),
      'line 2 of the manifest is damaged: hash has no type and value',
    ],
    [
      'a hash with more members',
      text(header, line('a').replace('"value": "00"', '"value": "00", "x": 1')),
      'line 2 of the manifest is damaged: hash has more than type and value',
    ],
    [
      'metadata that is no object',
      text(header, line('a').replace('"meta": {}', '"meta": []')),
      'line 2 of the manifest is damaged: meta is not an object',
    ],
    ['a key twice', text(header, line('a'), line('a')), 'two entries have the logical key "a"'],
    [
      'a key twice, out of order',
      text(header, line('b'), line('c'), line('a'), line('b')),
      'two entries have the logical key "b"',
    ],
  ])('with %s is upstream', async (_, manifest, message) => {
    await expect(read(utf8(manifest))).rejects.toMatchObject({
      code: 'upstream',
      message,
      retryable: false,
      hint: expect.any(String),
    })
  })

  it('finds a key that comes twice across batches', async () => {
    const manifest = text(header, line('z')) + manyLines(3_000) + text(line('f000007'))
    await expect(read(utf8(manifest))).rejects.toMatchObject({ message: 'two entries have the logical key "f000007"' })
  })

  it('that is not UTF-8 is upstream', async () => {
    const bytes = Buffer.concat([Buffer.from(text(header)), Buffer.from([0x22, 0xff, 0x22, 0x0a])])
    await expect(read(inChunks(bytes, [5]))).rejects.toMatchObject({
      code: 'upstream',
      message: 'the manifest is not UTF-8 near line 2',
    })
  })

  it('with a line that is too long is upstream, before the line is held', async () => {
    const endless = inChunks(Buffer.from(`${header}\n"${'x'.repeat(10_000)}`), [100])
    await expect(read(endless, { maxRecordBytes: 1_000 })).rejects.toMatchObject({
      code: 'upstream',
      message: 'line 2 of the manifest is longer than 1000 bytes',
    })
    await expect(read(utf8(text(header, line('é'.repeat(500)))), { maxRecordBytes: 1_000 })).rejects.toMatchObject({
      code: 'upstream',
    })
  })
})

describe('a source that breaks off', () => {
  it('is partial, wherever it does so within a line', async () => {
    const whole = Buffer.from(text(header, line('ключ'), line('ю')))
    const lineEnds = [...whole.keys()].filter((at) => whole[at] === 0x0a)
    for (let end = 0; end < whole.length; end++) {
      const reading = read(inChunks(whole.subarray(0, end), [16]))
      if (lineEnds.some((at) => end === at || end === at + 1)) await expect(reading).resolves.toBeDefined()
      else await expect(reading).rejects.toMatchObject({ code: 'partial', retryable: true })
    }
  })

  it('is partial when nothing came', async () => {
    await expect(read(utf8(''))).rejects.toMatchObject({
      code: 'partial',
      message: 'the manifest breaks off in line 1',
    })
  })

  it('passes on the error of the source', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text(header, line('a')))
      throw new Error('socket hang up')
    }
    await expect(read(failing())).rejects.toThrow('socket hang up')
  })
})
