import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selectBackend } from '@quilt-mcp/backends'
import { type Entry, encodeManifestJson, type Json } from '@quilt-mcp/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localFileAccess } from '../../local-files/local-file-access.js'
import { type Client, clientOf } from '../test/world.js'

let home: string
let root: string
let ada: Client
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'quilt-local-packages-')))
  root = join(home, 'local')
  await mkdir(join(home, 'run/deep'), { recursive: true })
  await mkdir(root)
  await writeFile(join(home, 'run/a.csv'), 'a,b\n')
  await writeFile(join(home, 'run/deep/b.csv'), 'c\n')
  const origin = { homeDir: home, workingDir: home, platform: process.platform }
  const surroundings = { env: {}, homeDir: home, platform: process.platform }
  const backend = await selectBackend({ backend: 'local', surroundings, localRegistry: root })
  ada = clientOf(backend, 'ada', undefined, localFileAccess({ origin, closed: [] }))
})
afterAll(() => rm(home, { recursive: true }))

const base = { bucket: 'local', message: 'First' }
const text = (key: string, content = key) => ({ logical_key: key, text: content })
async function latest(name: string) {
  const { packages } = ada.backend
  const reader = await packages.open(await packages.resolve({ bucket: 'local', name }))
  const entries: Entry[] = []
  for await (const batch of reader.entries()) entries.push(...batch)
  return { reader, entries }
}
const linesOf = async (topHash: unknown) =>
  (await readFile(join(root, '.quilt/packages', String(topHash)), 'utf8')).trim().split('\n')

describe('a package of this machine', () => {
  it('takes files along into its registry', async () => {
    const entries = [{ logical_key: 'run/', local_path: '~/run' }]
    const made = await ada.ok('package_create', { ...base, package: 'study/copied', entries })
    expect(made).toMatchObject({ entries: 2, uploads: { objects: 2, bytes: 6 } })
    expect((await latest('study/copied')).entries.map(({ physicalKey }) => physicalKey)).toEqual([
      `file://${root}/study/copied/run/a.csv`,
      `file://${root}/study/copied/run/deep/b.csv`,
    ])
    expect(await readFile(join(root, 'study/copied/run/a.csv'), 'utf8')).toBe('a,b\n')
  })

  it('names files where they are when nothing is to be copied', async () => {
    const made = await ada.ok('package_create', {
      ...base,
      package: 'study/named',
      copy: 'none',
      entries: [{ local_path: 'run' }],
    })
    expect(made).not.toHaveProperty('uploads')
    const { reader, entries } = await latest('study/named')
    expect(entries.map(({ physicalKey }) => physicalKey)).toEqual([
      `file://${home}/run/a.csv`,
      `file://${home}/run/deep/b.csv`,
    ])
    const { body } = await reader.read('a.csv')
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('a,b\n')
    await expect(readdir(join(root, 'study/named'))).rejects.toThrow('ENOENT')
  })

  it('stays whole when the package it was made of changes', async () => {
    await ada.ok('package_create', { ...base, package: 'study/source', entries: [text('a', 'first')] })
    const uri = 'quilt+s3://local#package=study/source'
    await ada.ok('package_create', { ...base, package: 'study/derived', message: 'Derived', entries: [{ uri }] })
    await ada.ok('package_update', { ...base, package: 'study/source', message: 'Other', add: [text('a', 'other')] })
    const { reader } = await latest('study/derived')
    const chunks: Uint8Array[] = []
    for await (const chunk of (await reader.read('a')).body) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('first')
  })

  it('has metadata of directories: set, moved along, replaced, taken away', async () => {
    const args = { ...base, package: 'study/directories' }
    const directoriesOf = async (topHash: unknown) =>
      (await linesOf(topHash)).slice(1).filter((line) => !line.includes('physical_keys'))
    const first = await ada.ok('package_create', {
      ...args,
      entries: [text('raw/a'), text('raw/b/c')],
      directories: { 'raw/': { plate: 1 }, 'raw/b': '{"ratio": 1.0}' },
    })
    expect(await directoriesOf(first.top_hash)).toEqual([
      '{"logical_key": "raw/", "meta": {"plate": 1}}',
      '{"logical_key": "raw/b/", "meta": {"ratio": 1.0}}',
    ])
    const moved = await ada.ok('package_update', { ...args, message: 'Move', rename: { 'raw/': 'data/' } })
    expect(await directoriesOf(moved.top_hash)).toEqual([
      '{"logical_key": "data/", "meta": {"plate": 1}}',
      '{"logical_key": "data/b/", "meta": {"ratio": 1.0}}',
    ])
    const changed = await ada.ok('package_update', {
      ...args,
      message: 'Change',
      directories: { 'data/': { plate: 2 }, 'data/b/': null },
    })
    expect(await directoriesOf(changed.top_hash)).toEqual(['{"logical_key": "data/", "meta": {"plate": 2}}'])
    const gone = await ada.ok('package_update', { ...args, message: 'Empty', remove: ['data/'], add: [text('x')] })
    expect(await directoriesOf(gone.top_hash)).toEqual([])
  })

  it('loses no change when several rebase at once', async () => {
    const args = { ...base, package: 'study/crowded' }
    await ada.ok('package_create', { ...args, entries: [text('a')] })
    const names = ['v', 'w', 'x', 'y', 'z']
    await Promise.all(
      names.map((name) => ada.ok('package_update', { ...args, message: name, add: [text(name)], rebase: true })),
    )
    expect((await latest('study/crowded')).entries.map(({ logicalKey }) => logicalKey)).toEqual(['a', ...names])
    expect((await ada.ok('package_revisions', { package: 'study/crowded', bucket: 'local' })).revisions).toHaveLength(6)
  })
})

describe('package_update', () => {
  it('writes the lines of files that it was not asked about as they were, whatever they hold', async () => {
    const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value))
    const line = fc.record({ size: fc.nat(), meta: fc.dictionary(fc.string(), json), extra: fc.option(json) })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (files) => {
        const name = `property/p${++run}`
        const made = await ada.ok('package_create', { ...base, package: name, entries: [text('only')] })
        const stored = files.map(({ size, meta, extra }, at) => {
          const entry = new Map<string, Json>([
            ['logical_key', `d/${at}`],
            ['physical_keys', [`s3://elsewhere/${at}?versionId=v`]],
          ])
          const [head] = encodeManifestJson(entry).split(/\}$/)
          const members = Object.entries(meta).map(([key, value]) => `${JSON.stringify(key)}: ${value}`)
          const more = extra === null ? '' : `, "later": ${extra}`
          return `${head}, "size": ${size}, "hash": {"type": "SHA256", "value": "${'a'.repeat(64)}"}, "meta": {${members.join(', ')}}${more}}`
        })
        const [header = ''] = await linesOf(made.top_hash)
        const topHash = 'f'.repeat(56) + String(run).padStart(8, '0')
        await writeFile(join(root, '.quilt/packages', topHash), `${[header, ...stored].join('\n')}\n`)
        await writeFile(join(root, '.quilt/named_packages', name, 'latest'), topHash)
        const before = (await latest(name)).entries
        const result = await ada.ok('package_update', { ...base, package: name, message: 'Add', add: [text('z')] })
        expect(result).toMatchObject({ counts: { added: 1, kept: files.length } })
        const after = (await latest(name)).entries
        expect(after.slice(0, -1)).toEqual(before)
      }),
      { numRuns: 20 },
    )
  })
})
