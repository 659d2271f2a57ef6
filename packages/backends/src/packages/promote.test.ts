import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend, PromotePlan, Revision } from '../backend.js'
import { platformBackend } from '../platform.js'
import { refusalOf } from '../test/collect.js'
import { entriesOf, freshName, jsonObjectOf, putFiles } from '../test/packages.js'
import { startWorld, type World } from '../test/world.js'

let world: World
let releaser: Backend

beforeAll(async () => {
  world = await startWorld()
  const { admin, registryUrl, s3Endpoint } = world.stack
  admin.createBucket({ name: 'lab-c', title: 'Lab C' })
  const permissions = { 'lab-a': 'READ_WRITE', 'lab-b': 'READ_WRITE', 'lab-c': 'READ_WRITE' } as const
  admin.createRole({ name: 'releaser', permissions })
  admin.createUser({ name: 'rosa', email: 'rosa@example.com', role: 'releaser' })
  const token = await admin.sessionToken('rosa')
  releaser = platformBackend({ registryUrl, s3Endpoint, token, http: world.http })
  const config =
    'version: "1"\nis_workflow_required: false\nworkflows: {w: {name: W}}\nsuccessors: {"s3://lab-b": {title: B}}\n'
  await releaser.objects.put({ bucket: 'lab-a', key: '.quilt/workflows/config.yml' }, Buffer.from(config))
})
afterAll(() => world.close())

const source = async (): Promise<Revision> => {
  const entries = await putFiles(releaser, { 'a.txt': 'hello', 'deep/b.txt': 'b' }, 'promote')
  const plan = { ...freshName(), entries, message: 'measured', userMeta: jsonObjectOf('{"n":1.0}') }
  return (await releaser.packages.push(plan)).revision
}
const promote = async (revision: Revision, plan: PromotePlan) => {
  const { packages } = releaser
  if (packages.promote === undefined) throw new Error('it cannot promote')
  return packages.promote(revision, plan)
}

describe('promoting through the registry', () => {
  it('makes the revision in a successor, with message and metadata of the source, and copies its objects', async () => {
    const revision = await source()
    const { revision: made } = await promote(revision, { bucket: 'lab-b', name: 'released/one', prefix: 'raw' })
    expect(made).toMatchObject({ bucket: 'lab-b', name: 'released/one', message: 'measured', totalEntries: 2 })
    const reader = await releaser.packages.open(made)
    expect(reader.header.get('user_meta')).toEqual(jsonObjectOf('{"n":1.0}'))
    expect((await entriesOf(reader)).map(({ physicalKey }) => physicalKey.replace(/\?.*/, ''))).toEqual([
      's3://lab-b/raw/released/one/a.txt',
      's3://lab-b/raw/released/one/deep/b.txt',
    ])
  })

  it('under another name of the bucket keeps the objects where they are', async () => {
    const revision = await source()
    const { revision: made } = await promote(revision, { ...freshName(), message: 'again' })
    const before = await entriesOf(await releaser.packages.open(revision))
    expect(await entriesOf(await releaser.packages.open(made))).toEqual(before)
    expect(made.message).toBe('again')
  })

  it('is a conflict when the base does not hold', async () => {
    const revision = await source()
    const error = await refusalOf(promote(revision, { bucket: 'lab-b', name: 'released/two', base: 'f'.repeat(64) }))
    expect([error.code, error.details?.found]).toEqual(['conflict', null])
  })

  it('is refused for a bucket that is no successor', async () => {
    const error = await refusalOf(promote(await source(), { bucket: 'lab-c', name: 'released/three' }))
    expect([error.code, error.details?.name]).toEqual(['invalid_input', 'InvalidSuccessor'])
  })

  it('cannot be told to copy or not', async () => {
    const error = await refusalOf(promote(await source(), { bucket: 'lab-b', name: 'released/four', copy: false }))
    expect(error.code).toBe('unsupported')
  })
})
