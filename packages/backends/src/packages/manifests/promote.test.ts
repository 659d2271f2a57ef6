import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { helloAt, type ManifestWorld, manifestWorld } from '../../test/manifest-world.js'
import { entriesOf, jsonObjectOf } from '../../test/packages.js'
import type { PushPlan } from '../port.js'

const target = { bucket: 'other', name: 'released/cells' }
const successors = (more = '') =>
  `version: "1"\nis_workflow_required: false\nworkflows: {w: {name: W}}\nsuccessors: {"s3://other": {title: Released${more}}}\n`

/** A revision of two files and metadata in `bkt`, whose successor is `other`. */
async function source({ packages, store }: ManifestWorld, more: Partial<PushPlan> = {}) {
  store.plant('data/a.txt', 'hello')
  store.plant('data/b.txt', 'hello')
  const { revision } = await packages.push({
    bucket: 'bkt',
    name: 'lab/cells',
    entries: [helloAt('a.txt', 'data/a.txt'), helloAt('deep/b.txt', 'data/b.txt')],
    directories: [{ logicalKey: 'deep/', meta: jsonObjectOf('{"x":1.0}') }],
    message: 'measured',
    userMeta: jsonObjectOf('{"assay":"ATAC"}'),
    ...more,
  })
  return revision
}

const placesOf = async ({ packages }: ManifestWorld, ref: { bucket: string; name: string }) =>
  (await entriesOf(await packages.open(await packages.resolve(ref)))).map(({ physicalKey }) => physicalKey)

describe('promoting', () => {
  it('makes the same revision in a successor, with its objects copied', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    world.store.plant('.quilt/workflows/config.yml', successors())
    const promoted = await world.packages.promote?.(revision, target)
    expect(promoted?.revision).toEqual({ ...revision, ...target })
    expect(await placesOf(world, target)).toEqual([
      's3://other/released/cells/a.txt?versionId=v1',
      's3://other/released/cells/deep/b.txt?versionId=v2',
    ])
    expect(world.other.texts()['released/cells/a.txt']).toBe('hello')
    const reader = await world.packages.open({ ...target, topHash: revision.topHash })
    expect(await reader.directories?.()).toHaveLength(1)
  })

  it('names the objects where they are when the successor says so, or the caller', async () => {
    for (const [config, copy] of [
      [successors(', copy_data: false'), undefined],
      [successors(), false],
    ] as const) {
      const world = manifestWorld()
      const revision = await source(world)
      world.store.plant('.quilt/workflows/config.yml', config)
      await world.packages.promote?.(revision, { ...target, ...(copy === undefined ? {} : { copy }) })
      expect(await placesOf(world, target)).toEqual([
        's3://bkt/data/a.txt?versionId=v1',
        's3://bkt/data/b.txt?versionId=v1',
      ])
    }
  })

  it('puts objects below a prefix, and takes another message and other metadata', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    world.store.plant('.quilt/workflows/config.yml', successors())
    const promoted = await world.packages.promote?.(revision, {
      ...target,
      prefix: '/raw/',
      message: 'released',
      userMeta: null,
    })
    expect(promoted?.revision.topHash).not.toBe(revision.topHash)
    expect((await placesOf(world, target))[0]).toBe('s3://other/raw/released/cells/a.txt?versionId=v1')
    const { header } = await world.packages.open(await world.packages.resolve(target))
    expect([header.get('message'), header.get('user_meta')]).toEqual(['released', null])
  })

  it('under another name of the bucket needs no successor and copies nothing', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    const ref = { bucket: 'bkt', name: 'lab/again' }
    const promoted = await world.packages.promote?.(revision, ref)
    expect([promoted?.revision.topHash, promoted?.notes]).toEqual([revision.topHash, undefined])
    expect(await placesOf(world, ref)).toHaveLength(2)
  })

  it('is refused for a bucket that is no successor, with those that are', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    world.store.plant('.quilt/workflows/config.yml', successors().replace('s3://other', 's3://elsewhere'))
    const error = await refusalOf(world.packages.promote?.(revision, target) ?? Promise.resolve())
    expect([error.code, error.details]).toEqual([
      'invalid_input',
      { name: 'InvalidSuccessor', successors: ['s3://elsewhere'] },
    ])
    expect(world.other.texts()).toEqual({})
  })

  it('is refused for a bucket that is not there, and names that one', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    const error = await refusalOf(
      world.packages.promote?.(revision, { bucket: 'nowhere', name: 'a/b' }) ?? Promise.resolve(),
    )
    expect([error.code, error.details]).toEqual(['not_found', { missing: 'bucket', bucket: 'nowhere' }])
  })

  it('is a conflict when the base does not hold, before anything is copied', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    world.store.plant('.quilt/workflows/config.yml', successors())
    const error = await refusalOf(
      world.packages.promote?.(revision, { ...target, base: 'f'.repeat(64) }) ?? Promise.resolve(),
    )
    expect([error.code, world.other.texts()]).toEqual(['conflict', {}])
  })

  it('passes the workflow of the target, before anything is copied', async () => {
    const world = manifestWorld()
    const revision = await source(world)
    world.store.plant('.quilt/workflows/config.yml', successors())
    world.other.plant(
      '.quilt/workflows/config.yml',
      'version: "1"\nworkflows: {w: {name: W, handle_pattern: "^pub/"}}\n',
    )
    const error = await refusalOf(world.packages.promote?.(revision, { ...target, workflow: 'w' }) ?? Promise.resolve())
    expect(error.message).toMatch(/^released\/cells does not pass the workflow w: /)
    expect(Object.keys(world.other.texts())).toEqual(['.quilt/workflows/config.yml'])
  })

  it('does not overwrite what a target without versions holds, and uses it when it is the same', async () => {
    const world = manifestWorld({ versioned: false })
    const revision = await source(world)
    world.store.plant('.quilt/workflows/config.yml', successors())
    world.other.plant('released/cells/a.txt', 'hello')
    world.other.plant('released/cells/deep/b.txt', 'another')
    const error = await refusalOf(world.packages.promote?.(revision, target) ?? Promise.resolve())
    expect([error.code, error.details]).toEqual(['conflict', { key: 'released/cells/deep/b.txt' }])
    expect(world.other.texts()['released/cells/deep/b.txt']).toBe('another')

    world.other.plant('released/cells/deep/b.txt', 'hello')
    await world.packages.promote?.(revision, target)
    expect(await placesOf(world, target)).toEqual([
      's3://other/released/cells/a.txt',
      's3://other/released/cells/deep/b.txt',
    ])
  })

  it('is refused when a file of the package lies on a disk', async () => {
    const world = manifestWorld()
    const revision = await source(world, {
      entries: [{ ...helloAt('a.txt'), physicalKey: 'file:///home/ada/a.txt' }],
      directories: [],
    })
    world.store.plant('.quilt/workflows/config.yml', successors())
    const error = await refusalOf(world.packages.promote?.(revision, target) ?? Promise.resolve())
    expect([error.code, error.details?.problems]).toEqual([
      'invalid_input',
      [
        {
          path: 'a.txt',
          name: 'ManifestHasLocalKeys',
          problem: "it lies on somebody's disk, at file:///home/ada/a.txt",
          hint: 'Put the file into a bucket, and make a revision that names it there.',
        },
      ],
    ])
  })
})
