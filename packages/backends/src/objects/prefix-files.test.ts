import {
  chunkedSha256,
  crc64nvme,
  type Entry,
  type FileDifference,
  type ObjectHash,
  verifyFiles,
} from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { startWorld, type World } from '../test/world.js'
import type { Objects } from './port.js'
import { prefixFiles } from './prefix-files.js'

const bucket = 'lab-a'
const hello = Buffer.from('hello')

let world: World
let objects: Objects

beforeAll(async () => {
  world = await startWorld()
  objects = (await world.backendOf('ada')).objects
  for (const key of ['run/a b#?.txt', 'run/ключ/é', 'run/', 'run-2/other'])
    await objects.put({ bucket, key }, key.endsWith('/') ? new Uint8Array() : hello)
})
afterAll(() => world.close())

function entry(logicalKey: string, hash: ObjectHash): Entry {
  return { logicalKey, physicalKey: `s3://elsewhere/${logicalKey}`, size: hello.length, hash, meta: new Map() }
}

async function differences(prefix: string, entries: readonly Entry[]): Promise<FileDifference[]> {
  const found: FileDifference[] = []
  for await (const difference of verifyFiles(() => [entries], prefixFiles(objects, { bucket, prefix })))
    found.push(difference)
  return found
}

describe('prefixFiles', () => {
  it('finds the objects of a package below a prefix, folder markers left out', async () => {
    const entries = [entry('a b#?.txt', await chunkedSha256(hello)), entry('ключ/é', crc64nvme(hello))]
    expect(await differences('run/', entries)).toEqual([])
  })

  it('finds changed, missing and extra objects', async () => {
    const entries = [entry('a b#?.txt', await chunkedSha256(Buffer.from('hellp'))), entry('gone', crc64nvme(hello))]
    expect(await differences('run/', entries)).toEqual([
      { kind: 'missing', logicalKey: 'gone' },
      { kind: 'extra', path: 'ключ/é', size: 5 },
      { kind: 'hash', logicalKey: 'a b#?.txt' },
    ])
  })

  it('lists more objects than a page holds', async () => {
    const inPages: Objects = { ...objects, list: (name, options) => objects.list(name, { ...options, limit: 2 }) }
    const listed: string[] = []
    for await (const batch of prefixFiles(inPages, { bucket, prefix: '' }).list())
      listed.push(...batch.map(({ path }) => path))
    expect(listed).toEqual(['run-2/other', 'run/a b#?.txt', 'run/ключ/é'])
  })

  it('fails when the bucket may not be listed: nothing is said about files that were not seen', async () => {
    const foreign = prefixFiles(objects, { bucket: 'lab-b', prefix: '' })
    const verify = async () => {
      for await (const difference of verifyFiles(() => [], foreign)) expect(difference).toBeUndefined()
    }
    expect((await refusalOf(verify())).code).toBe('forbidden')
  })
})
