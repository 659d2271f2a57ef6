import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manifestText } from '../test/arbitrary-manifest.js'
import { collected, inChunks, utf8 } from '../test/byte-sources.js'
import { header, line, manyLines, read, text } from '../test/manifest-texts.js'
import { anEntry } from '../test/revisions.js'
import { newHeader } from './header.js'
import { compareLogicalKeys } from './order.js'
import { type ManifestChanges, rewriteManifest } from './rewrite.js'
import { writeManifest } from './write.js'

const rewritten = async (manifest: string, changes: ManifestChanges, cut: readonly number[] = []): Promise<string> =>
  (await collected(rewriteManifest(inChunks(Buffer.from(manifest), cut), changes))).toString()

/** The same the long way: all entries read, merged and written. */
async function merged(manifest: string, { header: given, put = [], remove = [] }: ManifestChanges): Promise<string> {
  const { header: old, directories, entries } = await read(utf8(manifest))
  const all = new Map(entries.map((entry) => [entry.logicalKey, entry]))
  for (const key of remove) all.delete(key)
  for (const entry of put) all.set(entry.logicalKey, entry)
  const sorted = [...all.values()].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  return (await collected(writeManifest({ header: given ?? old, directories, entries: [sorted] }))).toString()
}

describe('rewriteManifest', () => {
  it('gives what writing the merged entries gives, however the source is cut', async () => {
    const picks = fc.array(fc.tuple(fc.nat(20), fc.constantFrom('put', 'remove', 'beside')), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(manifestText, picks, fc.integer({ min: 30, max: 500 }), async (manifest, picked, cut) => {
        const { entries } = await read(utf8(manifest))
        const keyAt = (at: number): string => entries[at]?.logicalKey ?? `new/${at}`
        const put = new Set(
          picked.filter(([, what]) => what !== 'remove').map(([at, what]) => keyAt(at) + (what === 'put' ? '' : '!')),
        )
        const remove = picked.filter(([at, what]) => what === 'remove' && !put.has(keyAt(at))).map(([at]) => keyAt(at))
        const changes = { put: [...put].map((key) => anEntry(key)), remove, header: newHeader({ message: 'new' }) }
        expect(await rewritten(manifest, changes, [cut])).toBe(await merged(manifest, changes))
        expect(await rewritten(manifest, {}, [cut])).toBe(manifest)
      }),
      { numRuns: 1_000 },
    )
  })

  it('changes a few of many lines', async () => {
    const manifest = text(header) + manyLines(5_000)
    const put = ['a', 'f000000', 'f002500', 'f002500a', 'f004999', 'z'].map((key) => anEntry(key))
    const changes = { put, remove: ['f000001', 'f000002', 'f004998', 'nowhere'] }
    expect(await rewritten(manifest, changes)).toBe(await merged(manifest, changes))
  })

  it('keeps lines that stay byte for byte, and ends each with a line feed', async () => {
    const compact = line('b').replaceAll(': ', ':')
    const manifest = [header, line('a'), compact, line('d')].join('\r\n')
    expect(await rewritten(manifest, { put: [anEntry('c')] })).toBe(
      text(
        header,
        line('a'),
        compact,
        (await merged(text(header), { put: [anEntry('c')] })).split('\n')[1] ?? '',
        line('d'),
      ),
    )
  })

  it.each([
    ['entries out of order', text(header, line('b'), line('a')), {}, 'unsupported'],
    ['a key twice', text(header, line('a'), line('a')), {}, 'unsupported'],
    [
      'a directory behind an entry',
      text(header, line('a'), '{"logical_key": "d/", "meta": {"x": 1}}'),
      {},
      'unsupported',
    ],
    ['a damaged line', text(header, '{'), {}, 'upstream'],
    ['a line that breaks off', text(header, line('a')).slice(0, -9), {}, 'partial'],
    ['a key put twice', text(header), { put: [anEntry('a'), anEntry('a')] }, 'invalid_input'],
    ['a key put and removed', text(header), { put: [anEntry('a')], remove: ['a'] }, 'invalid_input'],
    ['an entry that cannot be written', text(header), { put: [anEntry('a', 'x', { size: -1 })] }, 'invalid_input'],
  ])('refuses %s, and closes the source', async (_, manifest, changes, code) => {
    const source = utf8(manifest)
    await expect(collected(rewriteManifest(source, changes))).rejects.toMatchObject({ code, hint: expect.any(String) })
    expect(source.closed || code === 'invalid_input').toBe(true)
  })
})
