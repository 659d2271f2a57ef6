import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encodeJson } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localFileAccess } from '../../local-files/local-file-access.js'
import { aWorld, type Client, clientOf, type World } from '../test/world.js'

let world: World
let home: string
/** Ada on her own machine. */
let ada: Client
beforeAll(async () => {
  world = await aWorld()
  home = await realpath(await mkdtemp(join(tmpdir(), 'quilt-create-')))
  const files = { 'run/a.csv': 'a,b\n', 'run/deep/b.csv': 'c\n', 'run/.secret': 'x', 'run/scratch.tmp': 'x' }
  for (const [path, text] of Object.entries({ ...files, 'run/.quiltignore': '*.tmp\n' })) {
    await mkdir(dirname(join(home, path)), { recursive: true })
    await writeFile(join(home, path), text)
  }
  const origin = { homeDir: home, workingDir: home, platform: process.platform }
  ada = clientOf(world.ada.backend, 'ada', undefined, localFileAccess({ origin, closed: [] }))
})
afterAll(async () => {
  await world.close()
  await rm(home, { recursive: true })
})

const base = { bucket: 'lab-a', message: 'First' }
async function keysOf(name: string): Promise<string[]> {
  const { packages } = world.ada.backend
  const reader = await packages.open(await packages.resolve({ bucket: 'lab-a', name }))
  const keys: string[] = []
  for await (const batch of reader.entries()) keys.push(...batch.map(({ logicalKey }) => logicalKey))
  return keys
}

describe('the files of package_create', () => {
  it('get their paths by rule where the call names none', async () => {
    const entries = [{ uri: 's3://lab-a/raw/notes.txt' }, { logical_key: 'pictures/', uri: 's3://lab-a/raw/pixel.png' }]
    for (const [name, rule, first] of [
      ['rule/keep', {}, 'raw/notes.txt'],
      ['rule/strip', { strip: 'raw/' }, 'notes.txt'],
      ['rule/flatten', { keys: 'flatten' }, 'notes.txt'],
    ] as const) {
      await ada.ok('package_create', { ...base, ...rule, package: name, entries })
      expect((await keysOf(name)).sort()).toEqual([first, 'pictures/pixel.png'].sort())
    }
  })

  it('are refused where two fall on one path: the sources are named', async () => {
    const { code, message } = await ada.fails('package_create', {
      ...base,
      package: 'made/clash',
      keys: 'flatten',
      entries: [
        { uri: 's3://lab-a/raw/notes.txt' },
        { uri: 's3://lab-a/other/notes.txt' },
        { logical_key: 'notes.txt', text: 'x' },
      ],
    })
    expect(code).toBe('invalid_input')
    expect(message).toContain(
      'notes.txt: is given twice: s3://lab-a/raw/notes.txt, s3://lab-a/other/notes.txt, inline content fall on it',
    )
  })

  it('are a whole package, or a directory of one, with their metadata', async () => {
    const whole = 'quilt+s3://lab-a#package=study/cells'
    await ada.ok('package_create', { ...base, package: 'made/whole', entries: [{ uri: whole }] })
    expect(await keysOf('made/whole')).toEqual(['README.md', 'data/cells.csv', 'data/pixel.png'])
    await ada.ok('package_create', {
      ...base,
      package: 'made/part',
      entries: [
        { logical_key: 'old', uri: `${whole}&path=data/`, metadata: { from: 'cells' } },
        { uri: `${whole}&path=README.md` },
      ],
    })
    expect(await keysOf('made/part')).toEqual(['README.md', 'old/cells.csv', 'old/pixel.png'])
    const listing = await ada.ok('package_browse', { package: 'made/part', bucket: 'lab-a', path: 'old/cells.csv' })
    expect(JSON.stringify(listing)).toContain('"from":"cells"')
  })

  it('are those of a folder of this machine, without what is hidden or ignored', async () => {
    const made = await ada.ok('package_create', {
      ...base,
      package: 'made/folder',
      entries: [{ logical_key: 'run/', local_path: '~/run' }, { local_path: 'run/a.csv' }],
    })
    expect(made).toMatchObject({
      entries: 3,
      uploads: { objects: 3, bytes: 10 },
      warnings: ['left out of ~/run: 2 hidden, 1 named by .quiltignore'],
    })
    expect(await keysOf('made/folder')).toEqual(['a.csv', 'run/a.csv', 'run/deep/b.csv'])
    const read = await ada.content('object_read', { uri: 'quilt+s3://lab-a#package=made/folder&path=run/deep/b.csv' })
    expect(read[0]?.text).toContain('"size":2')
  })

  it('are not those of the machine for a caller who has none, nor those outside of its folders', async () => {
    const entries = [{ local_path: '/etc/hostname' }]
    const args = { ...base, package: 'made/none', entries }
    expect(await ada.fails('package_create', args)).toMatchObject({ code: 'forbidden' })
    expect(await world.ada.fails('package_create', args)).toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('Give text, base64 or a uri'),
    })
    expect(
      await world.ada.fails('package_create', { ...args, entries: [{ uri: 'file:///etc/hostname' }] }),
    ).toMatchObject({ code: 'unsupported' })
  })

  it.each([
    [[], 'entries'],
    [[{ uri: 's3://lab-a/raw/' }], 'package_create_from_s3'],
    [[{ uri: 's3://lab-a' }], 'package_create_from_s3'],
    [[{ text: 'x' }], 'logical_key'],
    [[{ logical_key: 'a', uri: 's3://lab-a/raw/notes.txt', local_path: 'run/a.csv' }], 'one of uri, local_path'],
    [[{ uri: 'quilt+s3://lab-a#package=study/cells&path=none/' }], 'package_browse'],
    [[{ local_path: '~/none' }], 'Ask the user for the path'],
  ])('are asked for where they are %j', async (entries, words) => {
    const error = await ada.fails('package_create', { ...base, package: 'made/none', entries })
    expect(JSON.stringify(error)).toContain(words)
  })
})

describe('what package_create writes beside the files', () => {
  it('says of directory metadata that a registry does not keep it, and refuses that of a directory without files', async () => {
    const args = { ...base, package: 'made/directories', entries: [{ logical_key: 'raw/a', text: 'a' }] }
    const made = await ada.ok('package_create', { ...args, directories: { 'raw/': { plate: 1 } } })
    expect(JSON.stringify(made.warnings)).toContain('keeps no metadata of directories')
    expect(
      await ada.fails('package_create', { ...args, package: 'made/d2', directories: { 'none/': { plate: 1 } } }),
    ).toMatchObject({ message: expect.stringContaining('none/: holds no file') })
  })

  it('counts, when a package is replaced, what is the same and what only has the same path', async () => {
    const args = { ...base, package: 'made/counted' }
    const cells = 'quilt+s3://lab-a#package=study/cells&path=data/cells.csv'
    const file = (key: string, text: string) => ({ logical_key: key, text })
    await ada.ok('package_create', {
      ...args,
      entries: [file('gone', 'x'), file('same', 'x'), file('other', 'x'), { logical_key: 'cells', uri: cells }],
    })
    const replacement = {
      ...args,
      overwrite: true,
      entries: [file('same', 'x'), file('other', 'y'), file('new', 'x'), { logical_key: 'cells', uri: cells }],
    }
    expect(await ada.ok('package_create', { ...replacement, dry_run: true })).toMatchObject({
      counts: { added: 1, removed: 1, same_path: 2, kept: 1 },
    })
    expect(await ada.confirmed('package_create', replacement)).toMatchObject({
      counts: { added: 1, removed: 1, replaced: 1, kept: 2 },
    })
  })

  it('keeps metadata of entries as it was written', async () => {
    const entries = [{ logical_key: 'a', text: 'a', metadata: '{"ratio": 1.0}' }]
    await ada.ok('package_create', { ...base, package: 'made/meta', entries })
    const { packages } = world.ada.backend
    const reader = await packages.open(await packages.resolve({ bucket: 'lab-a', name: 'made/meta' }))
    expect(encodeJson((await reader.entry('a')).meta)).toBe('{"user_meta":{"ratio":1.0}}')
  })
})
