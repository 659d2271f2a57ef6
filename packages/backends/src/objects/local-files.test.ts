import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc64nvme, type Entry, type FileDifference, type ObjectHash, verifyFiles } from '@quilt-mcp/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localFiles } from './local-files.js'

const counting = Buffer.alloc(20 * 1_048_576, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))
const countingHash = { type: 'sha2-256-chunked', value: 'jlOQJudio7Gr8QqPvEra/UYL7VVPPIwcyf0baj1gbyw=' }
const helloHash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }
const helloLegacy = { type: 'SHA256', value: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' }

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'local-files-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), content)
}

function entry(logicalKey: string, size: number, hash: ObjectHash): Entry {
  return { logicalKey, physicalKey: 's3://bkt/key', size, hash, meta: new Map() }
}

async function differences(entries: readonly Entry[]): Promise<FileDifference[]> {
  const found: FileDifference[] = []
  for await (const difference of verifyFiles(() => [entries], localFiles(root))) found.push(difference)
  return found
}

describe('localFiles', () => {
  it('finds the files of a package in place, by each type of hash', async () => {
    await write('data/20 MiB', counting)
    await write('it\'s "ключ"/#?%.txt', 'hello')
    await write('legacy', 'hello')
    await write('crc', 'hello')
    await write('empty', '')
    const entries = [
      entry('crc', 5, crc64nvme(Buffer.from('hello'))),
      entry('data/20 MiB', counting.length, countingHash),
      entry('empty', 0, { type: 'sha2-256-chunked', value: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' }),
      entry('it\'s "ключ"/#?%.txt', 5, helloHash),
      entry('legacy', 5, helloLegacy),
    ]
    expect(await differences(entries)).toEqual([])
  })

  it('finds a changed, a missing and an extra file', async () => {
    await write('changed', 'hellp')
    await write('legacy', 'hellp')
    await write('sub/extra', 'x')
    const entries = [entry('changed', 5, helloHash), entry('gone', 5, helloHash), entry('legacy', 5, helloLegacy)]
    expect(await differences(entries)).toEqual([
      { kind: 'missing', logicalKey: 'gone' },
      { kind: 'extra', path: 'sub/extra', size: 1 },
      { kind: 'hash', logicalKey: 'changed' },
      { kind: 'hash', logicalKey: 'legacy' },
    ])
  })

  it('follows links to files, and enters no link to a directory', async () => {
    await write('data/a', 'hello')
    await symlink('data/a', join(root, 'link'))
    await symlink('.', join(root, 'loop'))
    expect(await differences([entry('data/a', 5, helloHash), entry('link', 5, helloHash)])).toEqual([])
  })

  it('lists more files than a batch holds', async () => {
    const names = Array.from({ length: 1_001 }, (_, index) => `f${index}`)
    await Promise.all(names.map((name) => write(name, '')))
    const listed: string[] = []
    for await (const batch of localFiles(root).list()) listed.push(...batch.map(({ path }) => path))
    expect(listed.sort()).toEqual(names.sort())
  })

  it('hashes many files at the same time', async () => {
    await write('a', counting)
    await write('b', 'hello')
    const files = localFiles(root, { concurrency: 2 })
    expect(await Promise.all(['a', 'b', 'a'].map((path) => files.hash(path)))).toEqual([
      countingHash,
      helloHash,
      countingHash,
    ])
  })
})
