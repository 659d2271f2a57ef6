// What a backend writes is found by its next search, without waiting for the index to be too old.
import { join } from 'node:path'
import { parseQuery, type SearchScope } from '@quilt-mcp/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { localBackend } from '../../local.js'
import { refusalOf } from '../../test/collect.js'
import { testFolder } from '../../test/store-world.js'
import { noticedWrites } from './noticed-writes.js'

const ref = { bucket: 'lab', name: 'lab/plates' }

/** A local registry whose clock stands still. */
function standing() {
  const registries = [{ name: 'lab', root: join(testFolder(), 'registry') }]
  const backend = localBackend({ registries, now: () => 1_700_000_000_000, searchFolder: testFolder() })
  onTestFinished(async () => backend.close?.())
  const found = async (query: string, scope: SearchScope = 'packages') =>
    (await backend.search?.search({ scope, query: parseQuery(query) }))?.total
  return { backend, found }
}

describe('a search', () => {
  it('finds what was put, pushed and removed just now', async () => {
    const { backend, found } = standing()
    expect([await found('plates'), await found('plates', 'objects')]).toEqual([0, 0])
    await backend.objects.put({ bucket: 'lab', key: 'plates/1.csv' }, Buffer.from('a,b'))
    expect(await found('plates', 'objects')).toBe(1)
    const entries = [{ logicalKey: '1.csv', physicalKey: 's3://lab/plates/1.csv' }]
    await backend.packages.push({ ...ref, entries, message: 'first' })
    expect([await found('plates'), await found('first')]).toEqual([1, 1])
    await backend.packages.remove(ref)
    expect(await found('plates')).toBe(0)
  })
})

describe('noticed writes', () => {
  it('are told of the bucket that is written to, also when they fail: part of them may have been written', async () => {
    const { backend } = standing()
    const told: string[] = []
    const { packages, objects } = noticedWrites(backend, (bucket) => told.push(bucket))
    await objects.put({ bucket: 'lab', key: 'a' }, Buffer.from('a'))
    expect(told).toEqual(['lab'])
    const entries = [{ logicalKey: 'x', physicalKey: 's3://elsewhere/x' }]
    expect((await refusalOf(packages.push({ ...ref, entries, message: null }))).code).toBe('invalid_input')
    expect(told).toEqual(['lab', 'lab'])
  })

  it('leave out what the backend cannot do', () => {
    const { backend } = standing()
    const { promote: _, ...packages } = backend.packages
    expect('promote' in noticedWrites({ ...backend, packages }, () => {}).packages).toBe(false)
  })
})
