import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newHeader } from '../manifest/header.js'
import { openManifest } from '../manifest/read.js'
import { writeManifest } from '../manifest/write.js'
import { collected, inChunks, utf8 } from '../test/byte-sources.js'
import { header, line, manyLines, text } from '../test/manifest-texts.js'
import { inBatches, revision } from '../test/revisions.js'
import { diffEntries } from './diff.js'
import { diffManifests } from './diff-manifests.js'

async function* entriesOf(manifest: string) {
  for await (const { entries } of (await openManifest(utf8(manifest))).lines) yield entries
}
const diff = (base: string, target: string) => diffManifests(utf8(base), utf8(target))
const failure = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('diffManifests', () => {
  it('finds what diffEntries finds, however lines are spelt and cut', async () => {
    const spelt = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 })
    const cut = fc.integer({ min: 40, max: 600 })
    await fc.assert(
      fc.asyncProperty(revision, revision, spelt, cut, async (base, target, compact, chunkBytes) => {
        const written = async (entries: typeof base, turn: number) => {
          const content = { header: newHeader({ message: null }), entries: inBatches(entries) }
          const lines = (await collected(writeManifest(content))).toString().split('\n')
          return lines
            .map((each, at) => (compact[(at + turn) % compact.length] ? each.replaceAll(': ', ':') : each))
            .join('\n')
        }
        const [old, fresh] = [await written(base, 0), await written(target, 1)]
        const found = diffManifests(
          inChunks(Buffer.from(old), [chunkBytes]),
          inChunks(Buffer.from(fresh), [chunkBytes + 7]),
        )
        expect(await found).toEqual(await diffEntries(entriesOf(old), entriesOf(fresh)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('finds the changes among many lines', async () => {
    const base = text(header) + manyLines(5_000)
    const target = base
      .replace('f000016"', 'f000016x"')
      .replace('f002500", "physical_keys": ["s3://b/k"', 'f002500", "physical_keys": ["s3://b/elsewhere"')
      .replace(/(f003000.*?"value": ")00/, '$1ff')
      .replace(/(f004999.*)"size": 5/, '$1"size": 6')
    expect(await diff(base, target)).toEqual({
      unchanged: 4_997,
      changes: [
        { change: 'moved', path: 'f000016x', from: 'f000016', size: 5 },
        { change: 'modified', path: 'f003000', size: 5, differs: ['hash'] },
        { change: 'modified', path: 'f004999', size: 6, sizeBefore: 5, differs: ['size'] },
      ],
    })
  })

  it('compares what is no UTF-8, and keys that are not ordinary', async () => {
    const half = line('a').replace('"a"', '"\\ud800"')
    const all = [line('a'), half, line('\ue000'), line('😀')]
    for (const left of all) {
      const rest = all.filter((each) => each !== left)
      expect(await diff(text(header, ...all), text(header, ...rest))).toMatchObject({ unchanged: 3, changes: [{}] })
    }
  })

  it.each([
    ['is not in tree order', text(header, line('b'), line('a')), text(header, line('a'), line('c')), 'invalid_input'],
    ['holds a key twice', text(header, line('a'), line('a')), text(header, line('a')), 'upstream'],
    ['is damaged', text(header, line('a')), text(header, '{'), 'upstream'],
    ['breaks off', text(header, line('a')).slice(0, -9), text(header, line('a')), 'partial'],
  ])('fails as diffEntries does when a side %s, and closes both', async (_, base, target, code) => {
    for (const [left, right] of [
      [base, target],
      [target, base],
    ] as const) {
      const sources = [utf8(left), utf8(right)] as const
      expect(await failure(diffManifests(...sources))).toMatchObject({ code, hint: expect.any(String) })
      expect(await failure(diffEntries(entriesOf(left), entriesOf(right)))).toMatchObject({ code })
      expect(sources.map(({ closed }) => closed)).toEqual([true, true])
    }
  })
})
