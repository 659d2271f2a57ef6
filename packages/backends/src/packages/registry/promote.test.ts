import { formatPhysicalKey, parsePhysicalKey } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../../backend.js'
import { createCredentialCache } from '../../credentials/cache.js'
import { exchangedCredentials } from '../../credentials/exchange.js'
import { s3Objects } from '../../objects/s3.js'
import { s3Access } from '../../objects/s3-access.js'
import { platformBackend } from '../../platform.js'
import { bytesOf, refusalOf } from '../../test/collect.js'
import { entriesOf, freshName, jsonObjectOf, putFiles } from '../../test/packages.js'
import { startWorld, type World } from '../../test/world.js'
import { s3Packages } from '../manifests/s3-packages.js'
import type { PromotePlan, Revision } from '../port.js'

let world: World
let releaser: Backend
let token: string

beforeAll(async () => {
  world = await startWorld()
  const { admin, registryUrl, s3Endpoint } = world.stack
  admin.createBucket({ name: 'lab-c', title: 'Lab C' })
  const permissions = { 'lab-a': 'READ_WRITE', 'lab-b': 'READ_WRITE', 'lab-c': 'READ_WRITE' } as const
  admin.createRole({ name: 'releaser', permissions })
  admin.createUser({ name: 'rosa', email: 'rosa@example.com', role: 'releaser' })
  token = await admin.sessionToken('rosa')
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

describe('promoting between buckets without a registry', () => {
  /** The packages of the releaser by S3 alone; the bytes of objects are counted. */
  const byS3 = () => {
    const { registryUrl, s3Endpoint } = world.stack
    const stack = registryUrl
    const cache = createCredentialCache()
    const credentials = exchangedCredentials({
      stack,
      registryUrl: async () => registryUrl,
      token,
      http: world.http,
      cache,
    })
    const s3 = s3Access({ credentials, http: world.http, endpoint: s3Endpoint, region: async () => 'us-east-1' })
    return s3Packages({ s3, objects: s3Objects({ s3 }), amazon: false, now: Date.now })
  }

  it('copies inside S3, whatever the keys are called', async () => {
    const packages = byS3()
    const contents = { 'a b+c#?.txt': 'odd', 'deep/ключ.txt': 'unicode' }
    const entries = []
    for (const [logicalKey, body] of Object.entries(contents)) {
      await releaser.objects.put({ bucket: 'lab-a', key: `copy/${logicalKey}` }, Buffer.from(body))
      const physicalKey = formatPhysicalKey({ kind: 's3', bucket: 'lab-a', key: `copy/${logicalKey}` })
      entries.push({ logicalKey, physicalKey })
    }
    const { revision } = await packages.push({ ...freshName(), entries, message: 'odd', workflow: null })
    const made = await packages.promote?.(revision, { bucket: 'lab-b', name: 'released/odd', message: 'released' })
    if (made === undefined) throw new Error('it cannot promote')
    const reader = await packages.open(made.revision)
    for (const [logicalKey, body] of Object.entries(contents)) {
      const { physicalKey } = await reader.entry(logicalKey)
      expect(parsePhysicalKey(physicalKey)).toEqual({
        kind: 's3',
        bucket: 'lab-b',
        key: `released/odd/${logicalKey}`,
        versionId: expect.any(String),
      })
      expect((await bytesOf((await reader.read(logicalKey)).body)).toString()).toBe(body)
    }
  })
})
