import { selectBackend } from '@quilt-mcp/backends'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wordsFor } from '../mcp/surface.js'
import { allTools } from '../tools/index.js'
import { aWorld, clientOf, type World } from '../tools/test/world.js'
import { platformResources } from './index.js'
import { maxResourceUnits } from './size.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('the resources', () => {
  it('are the four that the catalog knows', () => {
    expect(platformResources.map(({ uri }) => uri)).toEqual([
      'quilt-platform://me',
      'quilt-platform://buckets',
      'quilt-platform://search_syntax',
      'quilt-platform://athena',
    ])
  })

  it.each(platformResources)('$uri is short enough for the assistant to take into its prompt', async ({ uri }) => {
    const text = await world.ada.resource(uri)
    expect(text.length).toBeGreaterThan(50)
    expect(text.length).toBeLessThanOrEqual(maxResourceUnits)
  })

  it.each(platformResources)('$uri names no tool that is not there', async ({ uri }) => {
    const names = new Set(allTools.map(({ name }) => name))
    const named = [...(await world.ada.resource(uri)).matchAll(/\b(?:bucket|object|package|catalog)_[a-z_]+\b/g)].map(
      ([name]) => name,
    )
    expect(named.filter((name) => !names.has(name) && name !== 'object_access')).toEqual([])
  })

  it('tell each user about themselves alone', async () => {
    expect(JSON.parse(await world.ada.resource('quilt-platform://me'))).toMatchObject({ user: { name: 'ada' } })
    expect(await world.grace.resource('quilt-platform://buckets')).toContain('"name":"lab-b"')
    expect(await world.grace.resource('quilt-platform://buckets')).not.toContain('lab-a')
  })

  it('say what is true: who, as what, where from', async () => {
    const { catalog, registry, region, ...me } = JSON.parse(await world.ada.resource('quilt-platform://me'))
    expect(me).toEqual({
      backend: 'platform',
      user: { name: 'ada', email: 'ada@example.com', isAdmin: false },
      role: 'role-of-ada',
      roles: ['role-of-ada'],
      object_access: 'credentials',
    })
    const identity = await world.ada.backend.identity()
    expect([catalog, registry, region]).toEqual([identity.catalogUrl, identity.registryUrl, identity.region])
  })

  it.each([
    ['package_list', { bucket: 'lab-a', filter: 'CELL' }, 'study/cells'],
    ['package_list', { bucket: 'lab-a', filter: 'study/c*' }, 'study/cells'],
    ['package_list', { bucket: 'lab-a', filter: 'stud?/cells' }, 'study/cells'],
    ['package_browse', { package: 'study/cells', bucket: 'lab-a', path: 'data' }, 'pixel.png'],
    ['bucket_objects_list', { bucket: 'lab-a', prefix: 'raw/' }, 'raw/notes.txt'],
    ['bucket_objects_list', { bucket: 'lab-a', prefix: 'study/', recursive: true }, 'study/cells/data/cells.csv'],
    ['object_read', { uri: 's3://lab-a/raw/table.parquet' }, 'parquet'],
    ['object_link', { uri: 'quilt+s3://lab-a#package=study/cells', key: 'README.md' }, 'README.md'],
  ])('promise of %s what it does with %j', async (tool, args, found) => {
    expect(JSON.stringify(await world.ada.ok(tool, args))).toContain(found)
  })

  it('name no tool that the hosted surface calls otherwise', async () => {
    for (const { uri } of platformResources) {
      const text = await world.ada.resource(uri)
      expect(text).toBe(wordsFor('hosted', text))
    }
  })

  it('fence what users wrote about their buckets', async () => {
    expect(await world.ada.resource('quilt-platform://buckets')).toMatch(/<data-([0-9a-f]+)>[^<]*<\/data-\1>/)
  })

  it('say how to sign in when nobody is', async () => {
    const nobody = clientOf(await selectBackend({}), 'nobody')
    expect(JSON.parse(await nobody.resource('quilt-platform://me'))).toMatchObject({
      user: null,
      fix: expect.stringMatching(/QUILT_/),
    })
  })
})
