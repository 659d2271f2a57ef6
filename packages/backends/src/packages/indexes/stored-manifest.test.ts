import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareLogicalKeys, type Entry } from '@quilt-mcp/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeCursor } from '../../cursor.js'
import { refusalOf } from '../../test/collect.js'
import { entryLine, manifestStore, manifestText } from '../../test/stored-manifests.js'
import { createIndexCache } from './index-cache.js'
import { storedManifest } from './stored-manifest.js'

const few = ['data/a.csv', 'data/b/c', 'data.csv', 'readme.md']
const many = Array.from({ length: 5_000 }, (_, at) => `f${String(at).padStart(4, '0')}`)

function stored(text: string) {
  const store = manifestStore(text)
  const indexes = createIndexCache()
  /** As the next call of a caller has it. */
  const manifest = () => storedManifest(store.source, indexes)
  return { ...store, manifest, indexes }
}

async function all(batches: AsyncIterable<readonly Entry[]>): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const batch of batches) entries.push(...batch)
  return entries
}
const cursorOf = (offset: number): string => encodeCursor({ offset })
const keysOf = (items: readonly { readonly logicalKey: string }[] = []) => items.map(({ logicalKey }) => logicalKey)

describe('a stored manifest', () => {
  it('lists a directory: files with size and physical key, directories with what is below them', async () => {
    const { manifest } = stored(manifestText(few))
    expect(await manifest().dir('')).toEqual({
      items: [
        { kind: 'directory', name: 'data', logicalKey: 'data/', size: 10 },
        {
          kind: 'file',
          name: 'data.csv',
          logicalKey: 'data.csv',
          size: 5,
          physicalKey: 's3://lab/data.csv?versionId=1',
        },
        {
          kind: 'file',
          name: 'readme.md',
          logicalKey: 'readme.md',
          size: 5,
          physicalKey: 's3://lab/readme.md?versionId=1',
        },
      ],
      total: 3,
    })
    expect(keysOf((await manifest().dir('data/'))?.items)).toEqual(['data/a.csv', 'data/b/'])
    expect(await manifest().dir('data.csv')).toBeUndefined()
  })

  it('lists in pages', async () => {
    const { manifest } = stored(manifestText(few))
    const first = await manifest().dir('', { limit: 2 })
    const second = await manifest().dir('', { limit: 2, cursor: first?.cursor })
    expect([first?.total, keysOf(first?.items), keysOf(second?.items), second?.cursor]).toEqual([
      3,
      ['data/', 'data.csv'],
      ['readme.md'],
      undefined,
    ])
  })

  it('gives one entry, its header, and the sum of it all', async () => {
    const { manifest } = stored(manifestText(few))
    expect(await manifest().entry('data/b/c')).toMatchObject({ logicalKey: 'data/b/c', size: 5 })
    expect(await manifest().entry('data/b')).toBeUndefined()
    expect((await manifest().header()).get('message')).toBe('m')
    expect(await manifest().summary()).toEqual({
      entries: 4,
      bytes: 20,
      directories: 2,
      extensions: [
        { extension: 'csv', entries: 2, bytes: 10 },
        { extension: '', entries: 1, bytes: 5 },
        { extension: 'md', entries: 1, bytes: 5 },
      ],
    })
  })

  it('gives the metadata of a directory', async () => {
    const lines = manifestText(few).split('\n')
    lines.splice(1, 0, '{"logical_key": "data/", "meta": {"a": 1}}')
    const { manifest } = stored(lines.join('\n'))
    expect(await manifest().directoryMeta('data')).toEqual(new Map([['a', expect.objectContaining({ text: '1' })]]))
    expect(await manifest().directoryMeta('data/b')).toBeUndefined()
    expect((await manifest().summary()).entries).toBe(4)
  })

  it('is read whole once; then a look reads only the lines that it shows, neighbours together', async () => {
    const { manifest, asked } = stored(manifestText(many))
    await manifest().summary()
    expect(asked()).toEqual(['info', 'all'])
    const line = entryLine('f0000').length
    const page = await manifest().dir('', { limit: 10 })
    const [info, range] = asked()
    expect([info, page?.items.length, page?.total]).toEqual(['info', 10, 5_000])
    expect(range).toEqual({ first: expect.any(Number), last: expect.any(Number) })
    if (typeof range === 'object') expect((range.last ?? 0) - range.first + 1).toBe(10 * (line + 1) - 1)
    await manifest().summary()
    expect(asked()).toEqual(['info'])
  })

  it('is read at several places where what is shown lies apart', async () => {
    const { manifest, asked } = stored(manifestText(['a', ...many.map((key) => `dir/${key}`), 'z']))
    await manifest().summary()
    asked()
    expect(keysOf((await manifest().dir(''))?.items)).toEqual(['a', 'dir/', 'z'])
    expect(asked()).toHaveLength(3)
  })

  it('is read whole again when its index has gone from the disk, or is damaged there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quilt-stored-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { source, asked } = manifestStore(manifestText(many))
    const look = () =>
      storedManifest(source, createIndexCache({ folder, leastBytes: 0 })).dir('', { limit: 1, cursor: cursorOf(2_000) })
    const expected = await look()
    const indexes = join(folder, 'manifest-indexes')
    const [name = ''] = readdirSync(indexes)
    for (const harm of [
      () => rmSync(join(indexes, name)),
      () => writeFileSync(join(indexes, name), readFileSync(join(indexes, name)).fill(7, 8_000)),
    ]) {
      harm()
      asked()
      expect(await look()).toEqual(expected)
      expect(asked().filter((what) => what === 'all')).toEqual(['all'])
      expect(await look()).toEqual(expected)
    }
  })

  it('names what is in a directory without reading a line', async () => {
    const { manifest, asked } = stored(manifestText(few))
    await manifest().summary()
    asked()
    expect(await manifest().names('data', 'x')).toMatchObject([
      { kind: 'file', name: 'a.csv' },
      { kind: 'directory', name: 'b' },
    ])
    expect(await manifest().names('nothing', 'x')).toBeUndefined()
    expect(asked()).toEqual(['info', 'info'])
  })
})

describe('all entries of a stored manifest', () => {
  it('come in tree order, in one request where the file has that order', async () => {
    const { manifest, asked } = stored(manifestText(many))
    await manifest().summary()
    asked()
    expect(keysOf(await all(manifest().entries()))).toEqual(many)
    expect(asked()).toEqual(['info', 'all'])
  })

  it.each([
    ['turned round', many.toReversed()],
    ['with the last line first', [many.at(-1) ?? '', ...many.slice(0, -1)]],
    ['in order at first', [...many.slice(0, 4_000), ...many.slice(4_000).toReversed()]],
    ['sorted as text', [...many, 'g-1/x', 'g.x', 'g/x'].toSorted()],
  ])('come in tree order from a file %s', async (_what, keys) => {
    const { manifest } = stored(manifestText(keys))
    expect(keysOf(await all(manifest().entries()))).toEqual(keys.toSorted(compareLogicalKeys))
  })
})

describe('a manifest that is rewritten under its top hash', () => {
  it('is indexed again by the next look', async () => {
    const { manifest, rewrite } = stored(manifestText(few))
    await manifest().dir('')
    rewrite(manifestText(few, '22'))
    expect((await manifest().entry('data.csv'))?.physicalKey).toBe('s3://lab/data.csv?versionId=22')
  })

  it('between look-up and reading is looked up once more', async () => {
    const { manifest, rewrite, asked } = stored(manifestText(few))
    const looking = manifest()
    await looking.summary()
    rewrite(manifestText(few, '22'))
    asked()
    expect((await looking.entry('data.csv'))?.physicalKey).toBe('s3://lab/data.csv?versionId=22')
    expect(asked()).toMatchObject([{}, 'info', 'all', {}])
  })

  it.each([
    ['the same length', few.toReversed()],
    ['lines that begin elsewhere', ['data/aa.csv', 'data/b/c', 'data.csv', 'readm.md']],
  ])('in silence, with %s, gives away nothing that its lines do not say', async (_what, keys) => {
    const { manifest, rewrite, asked } = stored(manifestText(few))
    await manifest().summary()
    rewrite(manifestText(keys), 'e1')
    asked()
    expect((await manifest().entry('data.csv'))?.physicalKey).toBe('s3://lab/data.csv?versionId=1')
    expect(asked().filter((each) => each === 'all')).toHaveLength(1)
  })

  it('also when the line of a directory has moved', async () => {
    const line = '{"logical_key": "data/", "meta": {"a": 1}}'
    const [header = '', ...lines] = manifestText(few).trimEnd().split('\n')
    const { manifest, rewrite } = stored(`${[header, line, ...lines].join('\n')}\n`)
    await manifest().summary()
    rewrite(`${[header, ...lines, line].join('\n')}\n`, 'e1')
    expect(await manifest().directoryMeta('data')).toEqual(new Map([['a', expect.objectContaining({ text: '1' })]]))
  })

  it('again and again is a conflict, which may pass', async () => {
    const { source, rewrite } = manifestStore(manifestText(few))
    let rewritten = 0
    const restless = {
      ...source,
      async info() {
        const facts = await source.info()
        rewrite(manifestText(few, String(++rewritten)))
        return facts
      },
    }
    const refusal = await refusalOf(storedManifest(restless, createIndexCache()).summary())
    expect([refusal.code, refusal.retryable, rewritten]).toEqual(['conflict', true, 2])
  })

  it('ends a reading of all entries, and the next one is complete', async () => {
    const { manifest, rewrite } = stored(manifestText(many))
    await manifest().summary()
    rewrite(manifestText([...many.slice(1), many[0] ?? '']), 'e1')
    const looking = manifest()
    expect(keysOf(await all(looking.entries()).catch(() => all(looking.entries())))).toEqual(many)
  })
})

describe('a caller who may not see the manifest', () => {
  it('is refused even where another one’s index is at hand', async () => {
    const { source, manifest, indexes, asked } = stored(manifestText(few))
    await manifest().summary()
    asked()
    const refused = async () => Promise.reject(new Error('no right'))
    const stranger = () => storedManifest({ ...source, info: refused }, indexes)
    const tries = [
      stranger().summary(),
      stranger().dir(''),
      stranger().names('', 'x'),
      stranger().entry('data.csv'),
      stranger().header(),
      stranger().directoryMeta('data'),
      all(stranger().entries()),
    ]
    for (const each of tries) await expect(each).rejects.toThrow('no right')
    expect(asked()).toEqual([])
  })
})
