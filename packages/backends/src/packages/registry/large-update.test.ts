import { encodeJson } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../../backend.js'
import { refusalOf } from '../../test/collect.js'
import { entriesOf, freshName, jsonObjectOf, putFiles } from '../../test/packages.js'
import { startWorld, type World } from '../../test/world.js'

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

describe('an update of a package of 10,050 entries', () => {
  it('keeps every other entry with hash, size, metadata and version', async () => {
    const ref = freshName()
    const [file = { logicalKey: '', physicalKey: '' }] = await putFiles(ada, { 'big.txt': 'hello' }, 'big')
    const hash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }
    const { versionId = '' } = await ada.objects.info({ bucket: 'lab-a', key: 'big/big.txt' })
    const physicalKey = `${file.physicalKey}?versionId=${versionId}`
    const planned = Array.from({ length: 10_050 }, (_, index) => ({
      logicalKey: `part-${index % 7}/${String(index).padStart(5, '0')}.txt`,
      physicalKey,
      size: 5,
      hash,
      meta: jsonObjectOf(`{"user_meta":{"n":${index}.0}}`),
    }))
    await ada.packages.push({ ...ref, entries: planned, message: 'first', base: null })
    const before = await ada.packages.open(await ada.packages.resolve(ref))
    const all = await entriesOf(before)
    expect(all).toHaveLength(10_050)
    const changed = all.map((entry) =>
      entry.logicalKey === 'part-3/00010.txt'
        ? { ...entry, meta: jsonObjectOf('{"user_meta":{"changed":true}}') }
        : entry,
    )
    await ada.packages.push({ ...ref, entries: changed, message: 'second', base: before.revision.topHash })
    const after = await ada.packages.open(await ada.packages.resolve(ref))
    expect(after.revision.totalEntries).toBe(10_050)
    expect(await entriesOf(after)).toEqual(changed)
    expect(encodeJson((await after.entry('part-3/00010.txt')).meta)).toBe('{"user_meta":{"changed":true}}')
    expect(encodeJson((await after.entry('part-6/10044.txt')).meta)).toBe('{"user_meta":{"n":10044.0}}')
    expect((await refusalOf(after.entry('part-3/00010.tx'))).hint).toMatch(/^Near it: part-3\/00010\.txt/)
  }, 120_000)
})
