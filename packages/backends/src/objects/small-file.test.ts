import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chunkedSha256 } from '@quilt-mcp/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { smallFileBytes, smallFiles } from './small-file.js'

let root: string
const at = (name: string) => join(root, name)
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'quilt-small-')))
  mkdirSync(at('lab'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.skipIf(process.platform === 'win32')('a small file', () => {
  it.each([0, 1, smallFileBytes])('of %i bytes is read with its hash', async (size) => {
    const bytes = Buffer.alloc(size, 'quilt')
    writeFileSync(at('lab/a'), bytes)
    expect(smallFiles().read(at('lab/a'))).toEqual({ size, hash: await chunkedSha256(bytes) })
  })

  it('is not read when it is larger, a folder, not there, or a link', () => {
    writeFileSync(at('lab/large'), Buffer.alloc(smallFileBytes + 1))
    writeFileSync(at('lab/target'), 'target')
    symlinkSync(at('lab/target'), at('lab/link'))
    for (const name of ['lab/large', 'lab', 'lab/missing', 'lab/link'])
      expect(smallFiles().read(at(name)), name).toBeUndefined()
  })
})

describe('the folder of a file', () => {
  it('is believed for a second after it was looked at, and not before', async () => {
    let now = 0
    const files = smallFiles(() => now)
    expect(files.isData(at('lab/a'))).toBe(false)
    const looking = files.checkFolder(root, at('lab/a'))
    expect(files.isData(at('lab/a'))).toBe(false)
    await looking
    expect([files.isData(at('lab/b')), files.isData(at('other/b'))]).toEqual([true, false])
    now = 1_000
    expect(files.isData(at('lab/a'))).toBe(false)
  })

  it('is looked at once by all who ask meanwhile, and again when it is believed no more', async () => {
    let now = 0
    const files = smallFiles(() => now)
    const first = files.checkFolder(root, at('lab/a'))
    expect(files.checkFolder(root, at('lab/b'))).toBe(first)
    await first
    now = 1_000
    expect(files.checkFolder(root, at('lab/a'))).not.toBe(first)
  })

  it.each([
    ['the registry itself', '.quilt/packages', undefined],
    ['a link that leads out', 'out', tmpdir()],
  ])('is refused, each time, when it is %s', async (_, folder, target) => {
    if (target === undefined) mkdirSync(at(folder), { recursive: true })
    else symlinkSync(target, at(folder))
    const files = smallFiles()
    for (let tries = 1; tries <= 2; tries += 1) {
      expect((await refusalOf(files.checkFolder(root, at(`${folder}/a`)))).code).toBe('forbidden')
      expect(files.isData(at(`${folder}/a`))).toBe(false)
    }
  })
})
