import { expect, it } from 'vitest'
import { manifestWorld } from '../../test/manifest-world.js'

const pointer = (name: string, second: number | string) => `.quilt/named_packages/${name}/${second}`

it('packages of few revisions are listed by one request', async () => {
  const { packages, store } = manifestWorld()
  for (let at = 0; at < 50; at += 1)
    for (const name of [1_700_000_000, 1_700_000_000 + at, 'latest']) store.plant(pointer(`lab/p${at}`, name), 'x')
  const page = await packages.list('bkt', { filter: 'lab/p4?' })
  expect([page.total, page.items[9]]).toEqual([
    10,
    { bucket: 'bkt', name: 'lab/p49', modified: '2023-11-14T22:14:09.000Z' },
  ])
  expect(store.calls).toEqual(['list .quilt/named_packages/'])
})

it('packages of very many revisions are listed by their folders, and only those that are shown are looked at', async () => {
  const { packages, store } = manifestWorld()
  for (let at = 0; at < 6_000; at += 1) store.plant(pointer('a/many', 1_700_000_000 + at), 'x')
  for (const name of ['b/one', 'b/two', 'c.d/three']) store.plant(pointer(name, 1_700_000_000), 'x')
  store.plant('.quilt/named_packages/notes.txt', 'x')
  const page = await packages.list('bkt', { limit: 2 })
  expect([page.total, page.items]).toEqual([
    3,
    [
      { bucket: 'bkt', name: 'a/many', modified: '2023-11-14T23:53:19.000Z' },
      { bucket: 'bkt', name: 'b/one', modified: '2023-11-14T22:13:20.000Z' },
    ],
  ])
  expect(store.calls).toHaveLength(1 + 4 + 2)
})

it('a package with nothing but a tag is listed without a time', async () => {
  const { packages, store } = manifestWorld()
  store.plant(pointer('lab/cells', 'latest'), 'x')
  expect(await packages.list('bkt')).toEqual({ items: [{ bucket: 'bkt', name: 'lab/cells' }], total: 1 })
})
