import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TwoLabs, twoLabs } from '../../auth/test/two-labs.js'
import { type Client, clientOf } from '../test/world.js'

let labs: TwoLabs
let rosa: Client
beforeAll(async () => {
  labs = await twoLabs()
  rosa = clientOf(labs.backend, 'rosa')
})
afterAll(() => labs.close())

const own = { package: 'study/own', bucket: 'lab-a', to_bucket: 'lab-b' }
let made = 0
const fresh = () => ({ ...own, to_package: `released/p${++made}` })
const at = ({ to_package }: { to_package: string }) => ({ package: to_package, bucket: 'lab-b' })

const plant = (key: string, text: string, bucket = 'lab-b') =>
  labs.backend.objects.put({ bucket, key }, Buffer.from(text))
const config = '.quilt/workflows/config.yml'
const openConfig = 'version: "1"\nis_workflow_required: false\nworkflows: {w: {name: W}}\n'

describe('package_promote', () => {
  it('makes the same revision in a successor, with its objects copied there', async () => {
    const call = fresh()
    const result = await rosa.ok('package_promote', call)
    expect(result).toMatchObject({
      package: call.to_package,
      bucket: 'lab-b',
      from: `quilt+s3://lab-a#package=study/own@${labs.own.topHash}`,
      uri: `quilt+s3://lab-b#package=${call.to_package}@${result.top_hash}`,
      successor: { untrusted: 'B' },
      copies_objects: true,
      by: { user: 'rosa' },
      next: ['package_browse', 'catalog_link'],
    })
    const reader = await labs.backend.packages.openAt?.({ bucket: 'lab-b', name: call.to_package })
    expect((await reader?.entry('a.txt'))?.physicalKey).toMatch(`s3://lab-b/${call.to_package}/a.txt?versionId=`)
  })

  it('shows before what would be copied, and which workflow the target asks for, and writes nothing', async () => {
    await plant(config, 'version: "1"\ndefault_workflow: w\nworkflows: {w: {name: W}}\n')
    const call = { ...fresh(), package: 'study/mixed', dry_run: true }
    try {
      expect(await rosa.ok('package_promote', call)).toMatchObject({
        dry_run: true,
        entries: 2,
        copies_objects: true,
        copies: { objects: 1, bytes: 5 },
        next: ['the same call without dry_run'],
      })
    } finally {
      await plant(config, openConfig)
    }
    expect(await rosa.fails('package_browse', at(call))).toMatchObject({ code: 'not_found' })
  })

  it('refuses, before anything is asked or written, what the workflow of the target does not take', async () => {
    const config_ = 'version: "1"\nworkflows: {strict: {name: S, handle_pattern: "^public/"}}\n'
    await plant(config, config_)
    try {
      for (const dry_run of [true, false]) {
        const error = await rosa.fails('package_promote', { ...fresh(), workflow: 'strict', dry_run })
        expect(error).toMatchObject({
          code: 'invalid_input',
          message: expect.stringContaining('must match the pattern "^public/"'),
        })
      }
    } finally {
      await plant(config, openConfig)
    }
  })

  it('takes another message, and merges metadata', async () => {
    const { to_bucket: _, ...args } = own
    await rosa.ok('package_update', { ...args, message: 'Two', metadata: { assay: 'RNA', old: 1 } })
    const call = fresh()
    await rosa.ok('package_promote', { ...call, message: 'Released', metadata: { old: null, released: true } })
    const reader = await labs.backend.packages.openAt?.({ bucket: 'lab-b', name: call.to_package })
    expect([reader?.header.get('message'), reader?.header.get('user_meta')]).toEqual([
      'Released',
      new Map<string, unknown>([
        ['assay', 'RNA'],
        ['released', true],
      ]),
    ])
  })

  it('promotes the revision that is named', async () => {
    const call = fresh()
    await rosa.ok('package_promote', { ...call, revision: labs.own.topHash.slice(0, 12) })
    const { top_hash } = await rosa.ok('package_browse', at(call))
    const reader = await labs.backend.packages.openAt?.({ bucket: 'lab-b', name: call.to_package }, String(top_hash))
    expect(reader?.header.get('message')).toBe('first')
  })

  it('copies under another name of the same bucket without a successor, and names the objects where they are', async () => {
    const call = { ...own, to_bucket: 'lab-a', to_package: 'study/again' }
    expect(await rosa.ok('package_promote', call)).toMatchObject({ copies_objects: false })
    const reader = await labs.backend.packages.openAt?.({ bucket: 'lab-a', name: 'study/again' })
    expect((await reader?.entry('a.txt'))?.physicalKey).toMatch('s3://lab-a/raw/a.txt?versionId=')
  })

  it('replaces a package only when told to, and confirmed', async () => {
    const call = fresh()
    const first = await rosa.ok('package_promote', { ...call, revision: labs.own.topHash })
    expect(await rosa.fails('package_promote', call)).toMatchObject({
      code: 'conflict',
      message: `${call.to_package} exists in lab-b already; nothing was written`,
    })
    const overwriting = { ...call, package: 'study/mixed', overwrite: true }
    const question = await rosa.fails('package_promote', overwriting)
    expect(question.message).toContain(
      `Replace all of ${call.to_package} in lab-b (latest ${String(first.top_hash).slice(0, 10)}) by revision ${labs.mixed.topHash.slice(0, 10)} of study/mixed in lab-a, 2 entries; 1 objects are copied.`,
    )
    const { confirm } = question.details ?? {}
    const other = await rosa.fails('package_promote', { ...overwriting, message: 'Another', confirm })
    expect(other.message).toContain('does not fit')
    expect(await rosa.ok('package_promote', { ...overwriting, confirm })).toMatchObject({ previous: first.top_hash })
  })

  it('names the successors there are for a bucket that is none', async () => {
    await plant(config, `${openConfig}successors: {"s3://lab-c": {title: C}}\n`)
    try {
      const back = { package: 'secret/plan', bucket: 'lab-b', to_bucket: 'lab-a', dry_run: true }
      expect(await rosa.fails('package_promote', back)).toMatchObject({
        code: 'invalid_input',
        message: 'lab-a is not among the successors of lab-b; nothing was written',
        hint: 'Packages of lab-b may be promoted to: lab-c.',
        details: { successors: ['lab-c'], resource: 'quilt-platform://buckets/lab-b/workflows' },
      })
    } finally {
      await plant(config, openConfig)
    }
  })

  it.each([
    [{ to_bucket: 'nowhere' }, 'invalid_input', 'not among the successors'],
    [{ to_package: 'no-namespace' }, 'invalid_input', 'no-namespace'],
    [{ package: 'quilt+s3://lab-a#package=study/own&path=a.txt' }, 'invalid_input', 'promoted whole'],
    [{ package: 'study/none' }, 'not_found', 'study/none'],
    [{ to_bucket: 'quilt+s3://lab-b#package=a/b' }, 'invalid_input', 'names a package where a bucket is wanted'],
  ])('refuses %j', async (args, code, message) => {
    expect(await rosa.fails('package_promote', { ...fresh(), ...args })).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('is not there for a connection that is narrowed to the source, whose target it must not reach', async () => {
    const narrowed = clientOf(labs.backend, 'rosa', { readOnly: false, buckets: new Set(['lab-a']) })
    expect(await narrowed.fails('package_promote', fresh())).toMatchObject({ code: 'forbidden' })
  })

  it('is unsupported where the backend cannot, in words', async () => {
    const { promote: _, ...packages } = labs.backend.packages
    const unable = clientOf({ ...labs.backend, packages }, 'rosa')
    expect(await unable.fails('package_promote', fresh())).toMatchObject({
      code: 'unsupported',
      message: 'package_promote needs promote, which the platform backend does not have',
    })
  })
})
