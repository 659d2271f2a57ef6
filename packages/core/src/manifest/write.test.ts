import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { emptyJsonObject, type Json, JsonNumber } from '../json/value.js'
import { collected } from '../test/byte-sources.js'
import type { Entry } from './entry.js'
import { newHeader } from './header.js'
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

  it('writes unknown keys after the known ones', async () => {
    const entry = anEntry('a', { unknown: new Map([['future', new JsonNumber('1.0')]]) })
    expect(await written({ header, entries: [[entry]] })).toContain('"meta": {}, "future": 1.0}\n')
  })
})
