import { parseJson, QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { helloAt, manifestWorld } from '../../test/manifest-world.js'
import { entriesOf, jsonObjectOf } from '../../test/packages.js'

const ref = { bucket: 'bkt', name: 'lab/cells' }
const noon = 1_795_262_400
const pointer = (name: string | number) => `.quilt/named_packages/lab/cells/${name}`
const plan = { ...ref, entries: [helloAt('a.txt')], message: 'first' }

describe('a push', () => {
  it('writes manifest, pointer of the time, latest, in this order', async () => {
    const { packages, store } = manifestWorld()
    const { revision } = await packages.push(plan)
    expect(store.calls.filter((call) => call.startsWith('write'))).toEqual([
      `write .quilt/packages/${revision.topHash}`,
      `write ${pointer(noon)}`,
      `write ${pointer('latest')}`,
    ])
    expect(revision).toEqual({
      ...ref,
      topHash: revision.topHash,
      modified: '2026-11-21T12:00:00.000Z',
      message: 'first',
      totalEntries: 1,
      totalBytes: 5,
    })
  })

  it('takes the next free second when there is a revision of this one', async () => {
    const { packages, store } = manifestWorld()
    for (const message of ['one', 'two', 'three']) await packages.push({ ...plan, message })
    const names = Object.keys(store.texts()).filter((key) => key.startsWith(pointer('')))
    expect(names.sort()).toEqual([noon, noon + 1, noon + 2, 'latest'].map(pointer))
    const { items } = await packages.revisions(ref)
    expect(items.map(({ message, modified }) => [message, modified])).toEqual([
      ['three', '2026-11-21T12:00:02.000Z'],
      ['two', '2026-11-21T12:00:01.000Z'],
      ['one', '2026-11-21T12:00:00.000Z'],
    ])
  })

  // The store's own clock, so that what lies there was written a moment ago.
  const second = 1_600_000_010
  const justNow = { now: () => second * 1_000 }

  it('stays the newest where a refused push has left a second free before it', async () => {
    const { packages, store } = manifestWorld(justNow)
    for (const name of [second - 1, second + 1, 'latest']) store.plant(pointer(name), 'a'.repeat(64))
    const { revision } = await packages.push(plan)
    expect(revision.modified).toBe('2020-09-13T12:26:52.000Z')
  })

  it('does not follow a pointer far in the future', async () => {
    const { packages, store } = manifestWorld(justNow)
    for (const name of [second + 4_000, 'latest']) store.plant(pointer(name), 'a'.repeat(64))
    const { revision } = await packages.push(plan)
    expect(revision.modified).toBe('2020-09-13T12:26:50.000Z')
  })

  it('of what is latest already writes nothing', async () => {
    const { packages, store } = manifestWorld()
    const first = await packages.push(plan)
    const before = store.texts()
    store.calls.length = 0
    expect(await packages.push(plan)).toEqual(first)
    expect(store.texts()).toEqual(before)
    expect(store.calls.filter((call) => /^(write|remove)/.test(call))).toEqual([])
  })

  it('leaves no trace when another one was faster', async () => {
    const { packages, store } = manifestWorld()
    const first = await packages.push(plan)
    const base = first.revision.topHash
    store.before = (call, key) => {
      if (call !== 'write' || key !== pointer('latest')) return
      store.before = undefined
      store.plant(pointer('latest'), 'f'.repeat(64))
    }
    const error = await refusalOf(packages.push({ ...plan, message: 'late', base }))
    expect([error.code, error.details]).toEqual(['conflict', { ...ref, expected: base, found: 'f'.repeat(64) }])
    expect((await packages.revisions(ref)).items.map(({ topHash }) => topHash)).toEqual([base])
  })

  it('without a base goes on when another one was faster', async () => {
    const { packages, store } = manifestWorld()
    store.before = (call, key) => {
      if (call !== 'write' || key !== pointer('latest')) return
      store.before = undefined
      store.plant(pointer('latest'), 'f'.repeat(64))
    }
    const { revision } = await packages.push(plan)
    expect((await packages.resolve(ref)).topHash).toBe(revision.topHash)
  })

  it.each([
    ['the manifest', () => '.quilt/packages/', 0],
    ['the pointer', () => pointer(noon), 0],
    ['latest', () => pointer('latest'), 1],
  ])('that ends before %s is written leaves the old revision, and is completed when it is made again', async (_, at, left) => {
    const { packages, store } = manifestWorld({ now: () => noon * 1_000 })
    store.plant(`.quilt/packages/${'a'.repeat(64)}`, '{"version": "v0", "message": "old"}\n')
    for (const name of [noon - 60, 'latest']) store.plant(pointer(name), 'a'.repeat(64))
    const killed = new Error('killed')
    store.before = (call, key) => {
      if (call === 'write' && key.startsWith(at())) throw killed
    }
    await expect(packages.push(plan)).rejects.toBe(killed)
    store.before = undefined
    expect((await packages.resolve(ref)).message).toBe('old')
    expect((await packages.revisions(ref)).total).toBe(1 + left)

    const { revision } = await packages.push(plan)
    expect(await packages.resolve(ref)).toEqual(revision)
    expect((await packages.revisions(ref)).items.map(({ message }) => message)).toEqual(['first', 'old'])
  })

  it('keeps the metadata of directories', async () => {
    const { packages } = manifestWorld()
    const directories = [{ logicalKey: 'data/', meta: jsonObjectOf('{"a": 1.0}') }]
    const { revision } = await packages.push({ ...plan, entries: [helloAt('data/a.txt')], directories })
    const reader = await packages.open(revision)
    expect(await reader.directories?.()).toEqual(directories)
  })

  it.each([
    ['other metadata of a directory', [{ logicalKey: 'data/', meta: jsonObjectOf('{"a": 2}') }]],
    ['none', []],
  ])('with %s under the same top hash is a conflict', async (_, directories) => {
    const { packages, store } = manifestWorld()
    const entries = [helloAt('data/a.txt')]
    const made = await packages.push({
      ...plan,
      entries,
      directories: [{ logicalKey: 'data/', meta: jsonObjectOf('{"a": 1}') }],
    })
    const before = store.texts()
    const error = await refusalOf(packages.push({ ...plan, name: 'lab/other', entries, directories }))
    expect([error.code, error.hint]).toEqual([
      'conflict',
      'Push again with another message: that makes another top hash, and a manifest of its own.',
    ])
    expect(store.texts()).toEqual(before)
    expect(error.details).toMatchObject({ topHash: made.revision.topHash })
  })

  it('says that a stored manifest of the same top hash was kept, and in how many places it differs', async () => {
    const { packages, store } = manifestWorld()
    const { revision } = await packages.push({ ...plan, entries: [helloAt('a'), helloAt('b'), helloAt('c')] })
    const stored = store.texts()[`.quilt/packages/${revision.topHash}`]
    const entries = [helloAt('c', 'elsewhere/c'), helloAt('a', 'elsewhere/a'), helloAt('b')]
    const again = await packages.push({ ...plan, name: 'lab/other', entries })
    expect(again.notes).toEqual([
      'The registry has a manifest of this top hash already, in which 2 entries lie at other places; it was kept as it is. To have your places in it, push again with another message.',
    ])
    expect(store.texts()[`.quilt/packages/${revision.topHash}`]).toBe(stored)
  })

  it('takes a manifest of the same lines in another spacing for the same', async () => {
    const { packages, store } = manifestWorld()
    const { revision } = await packages.push(plan)
    const key = `.quilt/packages/${revision.topHash}`
    store.plant(key, (store.texts()[key] ?? '').replaceAll('": ', '":'))
    expect((await packages.push({ ...plan, name: 'lab/other' })).notes).toBeUndefined()
  })

  it('tells what is known of every push into the bucket', async () => {
    const { packages } = manifestWorld({ notesOf: async (bucket) => [`${bucket} keeps no versions`] })
    expect((await packages.push(plan)).notes).toEqual(['bkt keeps no versions'])
  })

  it('does not look at objects for a workflow that is not passed', async () => {
    let looks = 0
    const entries = {
      look: async () => {
        looks += 1
        throw new Error('looked')
      },
      hash: async () => {
        throw new Error('hashed')
      },
      read: async () => {
        throw new Error('read')
      },
    }
    const { packages, store } = manifestWorld({ entries })
    store.plant(
      '.quilt/workflows/config.yml',
      'version: "1"\nworkflows: {w: {name: W, is_message_required: true}}\ndefault_workflow: w\n',
    )
    const error = await refusalOf(packages.push({ ...plan, message: '' }))
    expect([error.code, looks]).toEqual(['invalid_input', 0])
    expect(error.message).toMatch(/^lab\/cells does not pass the workflow w: /)
  })

  it('records the versions of config and schema that were read', async () => {
    const { packages, store } = manifestWorld()
    store.plant('schemas/meta.json', '{"type": "object", "required": ["assay"]}')
    store.plant(
      '.quilt/workflows/config.yml',
      'version: "1"\nworkflows: {w: {name: W, metadata_schema: m}}\nschemas: {m: {url: "s3://bkt/schemas/meta.json"}}\n',
    )
    const wrong = await refusalOf(packages.push({ ...plan, workflow: 'w' }))
    expect(wrong.message).toMatch(/assay/)
    const { revision } = await packages.push({ ...plan, workflow: 'w', userMeta: jsonObjectOf('{"assay": "x"}') })
    const { header } = await packages.open(revision)
    expect(header.get('workflow')).toEqual(
      parseJson(
        '{"id":"w","config":"s3://bkt/.quilt/workflows/config.yml?versionId=v2","schemas":{"m":"s3://bkt/schemas/meta.json?versionId=v1"}}',
      ),
    )
  })

  it('keeps what a newer program wrote into the line of an entry', async () => {
    const { packages, store } = manifestWorld()
    const { revision } = await packages.push(plan)
    const key = `.quilt/packages/${revision.topHash}`
    store.plant(key, (store.texts()[key] ?? '').replace('"meta": {}', '"meta": {}, "licence": {"spdx": 1.0}'))
    const entries = await entriesOf(await packages.open(revision))
    const second = await packages.push({ ...plan, entries, message: 'second' })
    expect(store.texts()[`.quilt/packages/${second.revision.topHash}`]).toContain('"licence": {"spdx": 1.0}')
  })

  it('stops when it is told to, and nothing is written', async () => {
    const { packages, store } = manifestWorld()
    const stopped = new AbortController()
    const reason = new QuiltError('timeout', 'enough')
    const push = packages.push(
      { ...plan, entries: [helloAt('a'), helloAt('b')] },
      { signal: stopped.signal, onProgress: () => stopped.abort(reason) },
    )
    await expect(push).rejects.toBe(reason)
    expect(store.texts()).toEqual({})
  })
})
