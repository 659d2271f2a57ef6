// kill -9 in the midst of writing, over and over, on one folder.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildProgram, runUntilKilled } from '../test/killed-program.js'
import { openDatabase } from './database.js'
import { openDiskStore } from './disk-store.js'
import type { ObjectStore, StoredVersion } from './object-store.js'

const rounds = 8
let folder: string
let program: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quilt-crash-'))
  program = join(folder, 'endless-writer.mjs')
  await buildProgram(join(import.meta.dirname, 'test/endless-writer.ts'), program)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('has every promised version, whole, and no byte that nothing names, however often the process is killed', async () => {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const promised = new Map<string, string>()
  for (let round = 0; round < rounds; round += 1) {
    await runUntilKilled([program, dataDir], {
      lines: 5 + round * 5,
      onLine(line) {
        const [, versionId = '', etag = ''] = line.split(' ')
        if (etag.length >= 32) promised.set(versionId, etag)
      },
    })
    const db = openDatabase(join(dataDir, 'stack.db'))
    const store = openDiskStore({ db, dataDir })
    const versions = allVersions(store)
    let blobs = 0
    for (const version of versions) {
      if (version.deleteMarker) continue
      blobs += version.partSizes?.length ?? 1
      expect(await etagOf(store, version), `${version.key} ${version.versionId}`).toBe(version.etag)
    }
    const there = new Map(versions.map((version) => [version.versionId, version.etag]))
    for (const [versionId, etag] of promised) expect(there.get(versionId)).toBe(etag)
    for (const upload of store.uploads('alpha')) blobs += store.parts(upload.uploadId).length
    expect(filesIn(join(dataDir, 'objects'))).toBe(blobs)
    store.close()
    db.close()
  }
  expect(promised.size).toBeGreaterThan(rounds * 5)
})

function allVersions(store: ObjectStore): readonly StoredVersion[] {
  const all: StoredVersion[] = []
  let page = store.listVersions('alpha', { maxKeys: 1000 })
  all.push(...page.versions)
  while (page.next !== undefined) {
    page = store.listVersions('alpha', {
      maxKeys: 1000,
      startAfter: page.next,
      versionIdMarker: page.nextVersionIdMarker,
    })
    all.push(...page.versions)
  }
  return all
}

/** The etag, computed from the bytes that are read back. */
async function etagOf(store: ObjectStore, version: StoredVersion): Promise<string> {
  let first = 0
  const digests: Buffer[] = []
  for (const size of version.partSizes ?? [version.size]) {
    const md5 = createHash('md5')
    if (size > 0) for await (const chunk of store.read(version, { first, last: first + size - 1 })) md5.update(chunk)
    digests.push(md5.digest())
    first += size
  }
  if (version.partSizes === undefined) return Buffer.concat(digests).toString('hex')
  return `${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${digests.length}`
}

const filesIn = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile()).length
