import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { emptyJsonObject, type Json, JsonNumber } from '../json/value.js'
import { collected, inChunks, utf8 } from '../test/byte-sources.js'
import { read } from '../test/manifest-texts.js'
import type { Entry } from './entry.js'
import { newHeader } from './header.js'
import { compareLogicalKeys } from './order.js'
import { maxManifestRecordBytes, writeManifest } from './write.js'

const header = newHeader({ message: null })
const invalid = expect.objectContaining({ code: 'invalid_input' })

function anEntry(logicalKey: string, more: Partial<Entry> = {}): Entry {
  const hash = { type: 'SHA256', value: '00' }
  return { logicalKey, physicalKey: 's3://b/k', size: 5, hash, meta: emptyJsonObject, ...more }
}

async function written(content: Parameters<typeof writeManifest>[0]): Promise<string> {
  return (await collected(writeManifest(content))).toString()
}

describe('writeManifest', () => {
  it('writes header, directories and entries, each line ended', async () => {
    const directories = [{ logicalKey: 'd/', meta: parseJson('{"dir": "meta"}') }]
    expect(await written({ header, directories, entries: [[anEntry('d/a')], [], [anEntry('é')]] })).toBe(
      [
        '{"version": "v0", "message": null}',
        '{"logical_key": "d/", "meta": {"dir": "meta"}}',
        '{"logical_key": "d/a", "physical_keys": ["s3://b/k"], "size": 5, "hash": {"type": "SHA256", "value": "00"}, "meta": {}}',
        '{"logical_key": "é", "physical_keys": ["s3://b/k"], "size": 5, "hash": {"type": "SHA256", "value": "00"}, "meta": {}}',
        '',
      ].join('\n'),
    )
  })

  it('takes batches that come over time', async () => {
    async function* batches(): AsyncGenerator<readonly Entry[]> {
      yield [anEntry('a'), anEntry('b')]
      yield [anEntry('c')]
    }
    expect((await written({ header, entries: batches() })).split('\n')).toHaveLength(5)
  })

  it('writes no line for a directory whose metadata is empty', async () => {
    const empty: readonly Json[] = [emptyJsonObject, null, [], '', false, new JsonNumber('0'), new JsonNumber('0.0')]
    const directories = empty.map((meta, index) => ({ logicalKey: `d${index}/`, meta }))
    expect(await written({ header, directories, entries: [] })).toBe('{"version": "v0", "message": null}\n')
  })

  it('refuses entries out of tree order, also from one batch to the next', async () => {
    await expect(written({ header, entries: [[anEntry('data-1/y'), anEntry('data/x')]] })).rejects.toEqual(invalid)
    await expect(written({ header, entries: [[anEntry('b')], [anEntry('a')]] })).rejects.toEqual(invalid)
    await expect(written({ header, entries: [[anEntry('a')], [anEntry('a')]] })).rejects.toEqual(invalid)
  })

  it('refuses directories out of tree order', async () => {
    const directories = ['b/', 'a/'].map((logicalKey) => ({ logicalKey, meta: 'x' }))
    await expect(written({ header, directories, entries: [] })).rejects.toEqual(invalid)
  })

  it('takes a record of 1,000,000 bytes and refuses one more', async () => {
    const frame = Buffer.byteLength((await written({ header, entries: [[anEntry('')]] })).split('\n')[1] ?? '')
    const room = maxManifestRecordBytes - frame
    const full = 'é'.repeat(Math.floor(room / 2)) + 'x'.repeat(room % 2)
    const text = await written({ header, entries: [[anEntry(full)]] })
    expect(Buffer.byteLength(text.split('\n')[1] ?? '')).toBe(1_000_000)
    await expect(written({ header, entries: [[anEntry(`${full}x`)]] })).rejects.toEqual(invalid)
    const longHeader = newHeader({ message: 'x'.repeat(1_000_000) })
    await expect(written({ header: longHeader, entries: [] })).rejects.toEqual(invalid)
  })

  it.each([
    ['NaN', anEntry('a', { meta: new Map([['x', new JsonNumber('NaN')]]) })],
    ['half a surrogate pair', anEntry('\ud83d')],
    ['a size that is none', anEntry('a', { size: 0.5 })],
  ])('refuses %s', async (_, entry) => {
    await expect(written({ header, entries: [[entry]] })).rejects.toEqual(invalid)
  })

  it('writes any texts so that they are read back', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('a', 'é', '"', '\\', '\n', '", "physical_keys": ["', '"}, "meta": {}}\n', '\u007f', '\u2028'),
    )
    const entries = fc.uniqueArray(
      fc.record({
        logicalKey: text,
        physicalKey: text,
        size: fc.maxSafeNat(),
        hash: fc.record({ type: text, value: text }),
        meta: fc.constantFrom(
          emptyJsonObject,
          new Map([['user_meta', 'é"']]),
          new Map([['a', new JsonNumber('1.50')]]),
        ),
      }),
      { selector: ({ logicalKey }) => logicalKey, maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 3 }), async (unsorted, size) => {
        const sorted = unsorted.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
        const batches = Array.from({ length: Math.ceil(sorted.length / size) }, (_, at) =>
          sorted.slice(at * size, (at + 1) * size),
        )
        const bytes = Buffer.from(await written({ header, entries: batches }))
        expect((await read(inChunks(bytes, []))).entries).toEqual(sorted)
      }),
      { numRuns: 2_000 },
    )
  })

  it('escapes a text that would be read as other fields', async () => {
    const forged = anEntry(
      'a", "physical_keys": ["s3://b/k"], "size": 5, "hash": {"type": "SHA256", "value": "00"}, "meta": {}}\n',
    )
    const text = await written({ header, entries: [[forged, anEntry('b')]] })
    expect(text.split('\n')).toHaveLength(4)
    expect((await read(utf8(text))).entries).toEqual([forged, anEntry('b')])
  })

  it('writes unknown keys after the known ones', async () => {
    const entry = anEntry('a', { unknown: new Map([['future', new JsonNumber('1.0')]]) })
    expect(await written({ header, entries: [[entry]] })).toContain('"meta": {}, "future": 1.0}\n')
  })
})
