import { EventEmitter, once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { chunkedSha256 } from '../checksum/chunked-sha256.js'
import { verifyHash } from '../checksum/verify.js'
import type { Entry } from '../manifest/entry.js'
import { type FileDifference, type FileSource, type VerifyFilesOptions, verifyFiles } from './files.js'

async function entryOf(logicalKey: string, content: string): Promise<Entry> {
  const bytes = Buffer.from(content)
  const hash = await chunkedSha256(bytes)
  return { logicalKey, physicalKey: `s3://bkt/${logicalKey}`, size: bytes.length, hash, meta: new Map() }
}

/** Files in memory, which files were read, and how many at most at the same time. */
function filesOf(contents: Readonly<Record<string, string>>) {
  const counts = { read: [] as string[], running: 0, most: 0 }
  const files: FileSource = {
    async *list() {
      yield Object.entries(contents).map(([path, content]) => ({ path, size: Buffer.byteLength(content) }))
    },
    async hasHash(path, hash, size) {
      counts.read.push(path)
      counts.most = Math.max(counts.most, ++counts.running)
      const has = await verifyHash(hash, Buffer.from(contents[path] ?? ''), size)
      counts.running -= 1
      return has
    },
  }
  return { files, counts }
}

async function differences(entries: readonly Entry[], files: FileSource, options?: VerifyFilesOptions) {
  const found: FileDifference[] = []
  for await (const difference of verifyFiles(() => [entries], files, options)) found.push(difference)
  return found
}

describe('verifyFiles', () => {
  it('finds nothing where all files are those of the manifest', async () => {
    const { files } = filesOf({ 'data/b': 'two', a: 'one', empty: '' })
    const entries = await Promise.all([entryOf('a', 'one'), entryOf('data/b', 'two'), entryOf('empty', '')])
    expect(await differences(entries, files)).toEqual([])
  })

  it('names what the listing shows first, and reads only files of the right size', async () => {
    const { files, counts } = filesOf({ changed: 'ONE', longer: 'twoo', same: 'three', z: '', 'more/y': 'yy' })
    const entries = await Promise.all([
      entryOf('changed', 'one'),
      entryOf('gone', 'x'),
      entryOf('longer', 'two'),
      entryOf('same', 'three'),
    ])
    expect(await differences(entries, files)).toEqual([
      { kind: 'missing', logicalKey: 'gone' },
      { kind: 'size', logicalKey: 'longer', expected: 3, found: 4 },
      { kind: 'extra', path: 'more/y', size: 2 },
      { kind: 'extra', path: 'z', size: 0 },
      { kind: 'hash', logicalKey: 'changed' },
    ])
    expect(counts.read).toEqual(['changed', 'same'])
  })

  it('leaves extra files out when they are allowed', async () => {
    const { files } = filesOf({ a: 'one', b: 'two' })
    expect(await differences([await entryOf('a', 'one')], files, { extraFilesAllowed: true })).toEqual([])
  })

  it('says of which file the hash is of an unknown type', async () => {
    const { files, counts } = filesOf({ a: 'one' })
    const entry = { ...(await entryOf('a', 'one')), hash: { type: 'BLAKE3', value: '' } }
    expect(await differences([entry], files)).toEqual([{ kind: 'unverifiable', logicalKey: 'a', hashType: 'BLAKE3' }])
    expect(counts.read).toEqual([])
  })

  it('hashes as many files at the same time as it is told, and keeps their order', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `f${String(index).padStart(2, '0')}`)
    const entries = await Promise.all(keys.map((key) => entryOf(key, 'right')))
    const { files, counts } = filesOf(Object.fromEntries(keys.map((key) => [key, 'wrong'])))
    const found = await differences(entries, files, { concurrency: 3 })
    expect(found).toEqual(keys.map((logicalKey) => ({ kind: 'hash', logicalKey })))
    expect(counts.most).toBe(3)
  })

  it('fails with the first file that cannot be read, also when a later one failed before', async () => {
    const { files } = filesOf({ a: 'one', b: 'two' })
    const entries = await Promise.all([entryOf('a', 'one'), entryOf('b', 'two')])
    const second = new EventEmitter()
    const hasHash = async (path: string): Promise<boolean> => {
      if (path === 'b') setImmediate(() => second.emit('failed'))
      else await once(second, 'failed')
      throw new Error(`no access to ${path}`)
    }
    await expect(differences(entries, { ...files, hasHash })).rejects.toThrow('no access to a')
  })

  it('stops when a file cannot be read, and when it is aborted', async () => {
    const { files } = filesOf({ a: 'one' })
    const entries = [await entryOf('a', 'one')]
    const broken = { ...files, hasHash: () => Promise.reject(new Error('no access')) }
    await expect(differences(entries, broken)).rejects.toThrow('no access')
    await expect(differences(entries, files, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    )
  })
})
