import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manifestText } from '../../test/arbitrary-manifest.js'
import { inChunks, utf8 } from '../../test/byte-sources.js'
import { header, line, manyLines, read, text } from '../../test/manifest-texts.js'
import type { Entry } from '../entry.js'
import { compareLogicalKeys } from '../order.js'
import { buildManifestIndex } from './build.js'
import { type IndexedChild, type ManifestIndex, openManifestIndex, openManifestIndexFrom } from './open.js'

const topHash = '1189c195c82cd2d9f68de702629f839b972ebf1050c6c019d80c3932f26cbd06'
const directoryLine = '{"logical_key": "data/", "meta": {"dir": 1}}'

async function indexOf(manifest: string): Promise<ManifestIndex> {
  return openManifestIndex(await buildManifestIndex(utf8(manifest), { topHash }), { topHash })
}

const sized = (key: string, size: number): string => line(key).replace('"size": 5', `"size": ${size}`)
const small = text(
  header,
  directoryLine,
  sized('Z.TXT', 1),
  sized('data/a.csv', 20),
  sized('data/b/c.txt', 300),
  sized('data/b/d', 4_000),
  sized('data-1/y.txt', 50_000),
  sized('data.csv', 600_000),
)

/** A listing made the slow way. */
function listed(entries: readonly Entry[], prefix: string): readonly IndexedChild[] | undefined {
  const inside = entries.filter(({ logicalKey }) => logicalKey.startsWith(prefix))
  if (inside.length === 0 && prefix !== '') return undefined
  const children = new Map<string, IndexedChild>()
  for (const { logicalKey, size } of inside) {
    const rest = logicalKey.slice(prefix.length)
    const cut = rest.indexOf('/')
    const name = cut < 0 ? rest : rest.slice(0, cut)
    if (cut < 0) children.set(`f${name}`, { kind: 'file', name, logicalKey, size, line: expect.anything() })
    else {
      const known = children.get(`d${name}`)
      const sums = known?.kind === 'directory' ? known : { entries: 0, bytes: 0 }
      children.set(`d${name}`, {
        kind: 'directory',
        name,
        logicalKey: `${prefix}${name}/`,
        entries: sums.entries + 1,
        bytes: sums.bytes + size,
      })
    }
  }
  return [...children.values()].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

describe('the index of a manifest', () => {
  it('lists a directory with the sums of what is below each child, in tree order', async () => {
    const index = await indexOf(small)
    expect(index.list('')?.children).toEqual([
      { kind: 'file', name: 'Z.TXT', logicalKey: 'Z.TXT', size: 1, line: expect.anything() },
      { kind: 'directory', name: 'data', logicalKey: 'data/', entries: 3, bytes: 4_320 },
      { kind: 'directory', name: 'data-1', logicalKey: 'data-1/', entries: 1, bytes: 50_000 },
      { kind: 'file', name: 'data.csv', logicalKey: 'data.csv', size: 600_000, line: expect.anything() },
    ])
    expect(index.list('data')).toEqual(index.list('data/'))
    expect(index.list('data')).toEqual({
      total: 2,
      entries: 3,
      bytes: 4_320,
      children: [
        { kind: 'file', name: 'a.csv', logicalKey: 'data/a.csv', size: 20, line: expect.anything() },
        { kind: 'directory', name: 'b', logicalKey: 'data/b/', entries: 2, bytes: 4_300 },
      ],
    })
  })

  it('has no listing for a file, nor for what is not there', async () => {
    const index = await indexOf(small)
    for (const path of ['data.csv', 'dat', 'data/b/c', 'zz', '/', 'data//', '\ud800']) {
      expect(index.list(path)).toBeUndefined()
    }
  })

  it('sums up the package', async () => {
    expect((await indexOf(small)).summary()).toEqual({
      entries: 6,
      bytes: 654_321,
      directories: 3,
      extensions: [
        { extension: 'txt', entries: 3, bytes: 50_301 },
        { extension: 'csv', entries: 2, bytes: 600_020 },
        { extension: '', entries: 1, bytes: 4_000 },
      ],
    })
  })

  it('says where the header, an entry and the metadata of a directory lie', async () => {
    const index = await indexOf(small)
    const at = (span?: { offset: number; length: number }) =>
      span && small.slice(span.offset, span.offset + span.length)
    expect(at(index.header)).toBe(header)
    expect(at(index.find('data/b/d')?.line)).toBe(sized('data/b/d', 4_000))
    expect(at(index.directoryLine('data'))).toBe(directoryLine)
    expect(index.find('data/b')).toBeUndefined()
    expect(index.find('data/')).toBeUndefined()
    expect(index.directoryLine('data/b')).toBeUndefined()
  })

  it('gives pages of entries and of children', async () => {
    const index = await indexOf(text(header) + manyLines(1_000) + text(line('x/1'), line('y/1'), line('z')))
    const keys = (page: readonly { logicalKey: string }[] = []) => page.map(({ logicalKey }) => logicalKey)
    expect(keys(index.entries({ offset: 62, limit: 4 }))).toEqual(['f000062', 'f000063', 'f000064', 'f000065'])
    expect(index.entries({ offset: 1_002 })).toHaveLength(1)
    expect(keys(index.list('', { offset: 999, limit: 3 })?.children)).toEqual(['f000999', 'x/', 'y/'])
    expect(keys(index.list('', { offset: 1_002, limit: 3 })?.children)).toEqual(['z'])
    expect(index.list('', { limit: 0 })).toMatchObject({ total: 1_003, children: [] })
  })

  it('of an empty package has an empty root', async () => {
    const index = await indexOf(text(header))
    expect(index.list('')).toEqual({ total: 0, entries: 0, bytes: 0, children: [] })
    expect(index.summary()).toEqual({ entries: 0, bytes: 0, directories: 0, extensions: [] })
    expect(index.find('')).toBeUndefined()
  })

  it('is the same for lines in another spelling, but for where they lie', async () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a-c./]{1,20}$/), { maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(keys, fc.array(fc.boolean(), { minLength: 1 }), fc.boolean(), async (unsorted, spelt, sort) => {
        const written = sort ? unsorted.toSorted(compareLogicalKeys) : unsorted
        const lines = written.map((key, number) => sized(key, number))
        const plain = lines.map((one, at) => (spelt[at % spelt.length] === true ? one.replaceAll(': ', ':') : one))
        const [index, other] = [await indexOf(text(header, ...lines)), await indexOf(text(header, ...plain))]
        expect(other.summary()).toEqual(index.summary())
        const withoutPlace = (found: ManifestIndex) => found.entries().map(({ logicalKey, size }) => [logicalKey, size])
        expect(withoutPlace(other)).toEqual(withoutPlace(index))
        for (const path of ['', 'a', 'a/b', '/', 'b/', 'a//']) {
          const directories = (found: ManifestIndex) =>
            found.list(path)?.children.map((child) => (child.kind === 'file' ? child.name : child))
          expect(directories(other)).toEqual(directories(index))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('agrees with the reader on any manifest, in any order, however it is cut', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 })
    const crlf = fc.boolean()
    const shuffled = fc.boolean()
    await fc.assert(
      fc.asyncProperty(manifestText, sizes, crlf, shuffled, async (written, chunkSizes, windows, reversed) => {
        // Sums are exact below 2^53 bytes.
        const [first = '', ...others] = written
          .replace(/("size": \d{1,12})\d*/g, '$1')
          .trimEnd()
          .split('\n')
        const lines = [first, ...(reversed ? others.reverse() : others)].map((each) => each + (windows ? '\r\n' : '\n'))
        const manifest = Buffer.from(lines.join(''))
        const bytes = await buildManifestIndex(inChunks(manifest, chunkSizes), { topHash })
        const index = openManifestIndex(bytes, { topHash, manifestBytes: manifest.length })
        const { directories, entries } = await read(inChunks(manifest, []))
        entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
        const at = async ({ offset, length }: { offset: number; length: number }) =>
          read(utf8(text(header, manifest.subarray(offset, offset + length).toString())))

        expect(index.entries().map(({ logicalKey, size }) => [logicalKey, size])).toEqual(
          entries.map(({ logicalKey, size }) => [logicalKey, size]),
        )
        for (const entry of entries) {
          const found = index.find(entry.logicalKey)
          expect(found && (await at(found.line)).entries).toEqual([entry])
          const parents = entry.logicalKey.split('/').slice(0, -1)
          for (const depth of parents.keys()) {
            const path = `${parents.slice(0, depth + 1).join('/')}/`
            expect(index.list(path)?.children).toEqual(listed(entries, path))
          }
        }
        expect(index.list('')?.children).toEqual(listed(entries, ''))
        for (const directory of directories) {
          const found = index.directoryLine(directory.logicalKey)
          expect(found && (await at(found)).directories).toEqual([directory])
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('building an index', () => {
  it.each([
    ['a key twice', text(header, line('a'), line('a')), 'upstream'],
    ['a key twice, out of order', text(header, line('b'), line('c'), line('a'), line('b')), 'upstream'],
    ['a damaged line', text(header, line('a'), '{"x": }'), 'upstream'],
    ['no header', '', 'partial'],
    ['a line that breaks off', `${header}\n${line('a').slice(0, 40)}`, 'partial'],
    ['half a surrogate pair', text(header, line('a').replace('"a"', '"\\ud800"')), 'unsupported'],
  ])('fails for a manifest with %s', async (_, manifest, code) => {
    await expect(indexOf(manifest)).rejects.toMatchObject({ code, hint: expect.any(String) })
  })

  it('needs a top hash', async () => {
    await expect(buildManifestIndex(utf8(small), { topHash: 'latest' })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })

  it('takes about 15 bytes an entry', async () => {
    const bytes = await buildManifestIndex(utf8(text(header) + manyLines(10_000)), { topHash })
    expect(bytes.length / 10_000).toBeLessThan(15)
  })
})

describe('opening an index', () => {
  const unusable = expect.objectContaining({ code: 'internal', retryable: true, hint: expect.any(String) })

  it('where it lies reads the head, and the pages that an answer needs', async () => {
    const manifest = text(header) + manyLines(100_000) + text(line('g/a'), line('g/b'), line('h/i/j'))
    const bytes = await buildManifestIndex(utf8(manifest), { topHash })
    let readBytes = 0
    const read = (offset: number, length: number): Uint8Array => {
      readBytes += length
      return bytes.slice(offset, offset + length)
    }
    const index = openManifestIndexFrom({ length: bytes.length, read }, { topHash })
    expect(index.list('g')?.children.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(readBytes).toBeLessThan(bytes.length / 5)
    const all = openManifestIndex(bytes, { topHash })
    expect(index.find('f012345')).toEqual(all.find('f012345'))
    expect(index.list('', { offset: 99_999 })).toEqual(all.list('', { offset: 99_999 }))
    expect(index.entries({ limit: 100_003 })).toEqual(all.entries({ limit: 100_003 }))
    expect(index.summary()).toEqual(all.summary())
  })

  it('where it lies finds a changed byte when it looks there', async () => {
    const bytes = await buildManifestIndex(utf8(small), { topHash })
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      const source = {
        length: changed.length,
        read: (offset: number, length: number) => changed.subarray(offset, offset + length),
      }
      expect(() => openManifestIndexFrom(source, { topHash }).list('')).toThrow(unusable)
    }
  })

  it('refuses one of another manifest, or of the manifest as it was', async () => {
    const bytes = await buildManifestIndex(utf8(small), { topHash })
    expect(openManifestIndex(bytes, { topHash, manifestBytes: small.length }).manifestBytes).toBe(small.length)
    expect(() => openManifestIndex(bytes, { topHash: '0'.repeat(64) })).toThrow(unusable)
    expect(() => openManifestIndex(bytes, { topHash, manifestBytes: small.length + 1 })).toThrow(unusable)
  })

  it('refuses one that was cut off anywhere', async () => {
    const bytes = await buildManifestIndex(utf8(small), { topHash })
    for (let end = 0; end < bytes.length; end++) {
      expect(() => openManifestIndex(bytes.subarray(0, end), { topHash })).toThrow(unusable)
    }
  })

  it('refuses one with a changed byte', async () => {
    const bytes = await buildManifestIndex(utf8(small), { topHash })
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => openManifestIndex(changed, { topHash })).toThrow(unusable)
    }
  })
})
