// What is particular to the local backend; what it has in common with the others is in test/contract.
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localBackend } from './local.js'
import { bytesOf, refusalOf } from './test/collect.js'
import { testFolder } from './test/store-world.js'

/** Two registries. */
function world() {
  const roots = { local: testFolder(), second: testFolder() }
  const registries = Object.entries(roots).map(([name, root]) => ({ name, root }))
  const backend = localBackend({ registries })
  const put = (bucket: string, key: string, text: string) => backend.objects.put({ bucket, key }, Buffer.from(text))
  const ref = { bucket: 'local', name: 'lab/data' }
  const entries = [{ logicalKey: 'a.csv', physicalKey: 's3://local/in/a.csv' }]
  return { roots, backend, put, ref, entries, push: () => backend.packages.push({ ...ref, entries, message: 'first' }) }
}

describe('the local backend', () => {
  it('has no user, no links and no catalog; each registry is a bucket', async () => {
    const { roots, backend } = world()
    expect(await backend.identity()).toEqual({ backend: 'local', objectAccess: 'files' })
    expect(backend.links).toBeUndefined()
    expect(await backend.buckets.list()).toEqual({
      items: [
        { name: 'local', title: 'local', description: `The folder ${roots.local}` },
        { name: 'second', title: 'second', description: `The folder ${roots.second}` },
      ],
      total: 2,
    })
  })

  it('writes a package as quilt3 does: the entry names its file, nothing is copied', async () => {
    const { roots, put, push } = world()
    await put('local', 'in/a.csv', 'a,b\n')
    const { revision, notes } = await push()
    const manifest = readFileSync(join(roots.local, '.quilt/packages', revision.topHash), 'utf8').split('\n')
    expect(manifest[0]).toBe('{"version": "v0", "message": "first"}')
    expect(manifest[1]).toContain(`"physical_keys": ["file://${roots.local}/in/a.csv"], "size": 4`)
    expect(readFileSync(join(roots.local, '.quilt/named_packages/lab/data/latest'), 'utf8')).toBe(revision.topHash)
    expect(notes).toEqual([expect.stringContaining('keeps no versions')])
  })

  it('may name files of another of its registries', async () => {
    const { roots, backend, put, ref } = world()
    await put('second', 'b.csv', 'b')
    const entries = [{ logicalKey: 'b.csv', physicalKey: 's3://second/b.csv' }]
    const { revision } = await backend.packages.push({ ...ref, entries, message: null })
    const reader = await backend.packages.open(revision)
    expect((await reader.entry('b.csv')).physicalKey).toBe(`file://${roots.second}/b.csv`)
    expect((await bytesOf((await reader.read('b.csv')).body)).toString()).toBe('b')
  })

  it('says what to do when the file of an entry has changed, or is gone', async () => {
    const { roots, backend, put, push } = world()
    await put('local', 'in/a.csv', 'a,b\n')
    const reader = await backend.packages.open((await push()).revision)
    writeFileSync(join(roots.local, 'in/a.csv'), 'longer than before\n')
    expect((await refusalOf(reader.read('a.csv'))).code).toBe('conflict')
    unlinkSync(join(roots.local, 'in/a.csv'))
    const gone = await refusalOf(reader.read('a.csv'))
    expect([gone.code, gone.nextTools]).toEqual(['not_found', ['package_update']])
  })

  it('does not let a package name what lies outside of its registries, or in their .quilt', async () => {
    const { backend, put, push, ref } = world()
    await put('local', 'in/a.csv', 'a')
    const { topHash } = (await push()).revision
    for (const physicalKey of ['file:///etc/passwd', `s3://local/.quilt/packages/${topHash}`, 's3://elsewhere/a']) {
      const push = backend.packages.push({ ...ref, entries: [{ logicalKey: 'x', physicalKey }], message: null })
      expect((await refusalOf(push)).code).toBe('invalid_input')
    }
  })

  it('makes its folder with the first write, and not before', async () => {
    const root = join(testFolder(), 'new/registry')
    const { buckets, objects, packages } = localBackend({ registries: [{ name: 'local', root }] })
    expect((await buckets.list()).total).toBe(1)
    expect((await packages.list('local')).items).toEqual([])
    expect((await objects.list('local')).items).toEqual([])
    expect(existsSync(root)).toBe(false)
    await objects.put({ bucket: 'local', key: 'a' }, Buffer.from('a'))
    expect(existsSync(join(root, 'a'))).toBe(true)
  })
})
