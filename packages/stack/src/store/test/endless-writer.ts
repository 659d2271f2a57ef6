// A process that writes until it is killed: puts, replaced keys, removals and multipart uploads, several at a time.
// Says `<key> <version id> <etag>` on stdout once a write is promised to be on disk.
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openDatabase } from '../database.js'
import { openDiskStore } from '../disk-store.js'
import type { StoredVersion } from '../object-store.js'

const [, , dataDir = ''] = process.argv
const store = openDiskStore({ db: openDatabase(join(dataDir, 'stack.db')), dataDir })
store.createBucket('alpha')

const say = (version: StoredVersion) => process.stdout.write(`${version.key} ${version.versionId} ${version.etag}\n`)

async function* pieces(bytes: number): AsyncIterable<Uint8Array> {
  for (let left = bytes; left > 0; left -= 64 * 1024) yield randomBytes(Math.min(left, 64 * 1024))
}

async function puts(worker: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const key = `${worker}/${n % 7}`
    say(await store.put({ bucket: 'alpha', key, body: pieces((n * 9973) % 300_000) }))
    if (n % 5 === 4) store.remove('alpha', `${worker}/gone`, (await putGone(worker)).versionId)
    if (n % 11 === 10) store.remove('alpha', key)
  }
}

const putGone = (worker: number): Promise<StoredVersion> =>
  store.put({ bucket: 'alpha', key: `${worker}/gone`, body: pieces(5_000) })

async function uploads(): Promise<never> {
  for (;;) {
    const upload = store.createUpload({ bucket: 'alpha', key: 'big' })
    const first = await store.putPart(upload, 1, pieces(5 * 1024 * 1024))
    await store.putPart(upload, 2, pieces(1000))
    const second = await store.putPart(upload, 2, pieces(2000))
    if (createHash('md5').update(second.etag).digest()[0] === 0) store.abortUpload(upload)
    else say(await store.completeUpload(upload, [first, second]))
  }
}

await Promise.all([puts(1), puts(2), puts(3), uploads()])
