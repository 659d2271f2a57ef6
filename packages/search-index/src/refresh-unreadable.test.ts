// What a refresh does when manifests cannot be read.
import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { anIndex } from './test/an-index.js'
import { filesOfOneByte } from './test/map-source.js'

const world = anIndex()
const { rows, values } = world
const keys = (): readonly unknown[] => values('select key from entry order by key')
const latest = (): readonly unknown[] => values('select comment from revision where is_latest order by comment')

describe('what cannot be read', () => {
  it('is named, stops nothing else, and is tried again', async () => {
    const { source, index } = world
    const gone = source.push('lab/gone', 100, { message: 'gone', files: { a: 1 } })
    const damaged = source.push('lab/damaged', 100, { message: 'damaged', files: { a: 1 } })
    source.push('lab/whole', 100, { message: 'whole', files: { a: 1 } })
    source.spoil(gone, undefined)
    source.spoil(damaged, 'no manifest\n')
    const state = await index.refreshPackages()
    expect(state.unreadable).toEqual([
      { name: 'lab/damaged', why: expect.stringContaining('line 1') },
      { name: 'lab/gone', why: `There is no manifest ${gone}` },
    ])
    expect(latest()).toEqual(['whole'])

    source.spoil(gone, '{"version": "v0", "message": "found again"}\n')
    expect((await index.refreshPackages()).unreadable.map(({ name }) => name)).toEqual(['lab/damaged'])
    expect(latest()).toEqual(['found again', 'whole'])
  })

  it('leaves nothing of a long manifest that ends in the middle', async () => {
    const { source, index } = world
    const topHash = source.push('lab/long', 100, { message: 'long', files: filesOfOneByte(5_000) })
    source.push('lab/next', 100, { message: 'next', files: { a: 1 } })
    const line = '{"logical_key": "k", "physical_keys": ["s3://b/k"], "size": 1, "hash": null, "meta": {}}\n'
    const good = Array.from({ length: 6_000 }, (_, n) =>
      line.replace('"k"', `"k${n}"`).replace('null', '{"type": "SHA256", "value": "0"}'),
    )
    source.spoil(topHash, `{"version": "v0"}\n${good.join('')}${line}`)
    const state = await index.refreshPackages()
    expect(state.unreadable).toEqual([{ name: 'lab/long', why: expect.stringContaining('line 6002') }])
    expect([latest(), keys()]).toEqual([['next'], ['a']])
    expect(values("select count(*) from entry_words where entry_words match 'k5'")).toEqual([0])
  })

  it('takes the place of the latest revision: what it was is an older one now', async () => {
    const { source, index } = world
    source.push('lab/a', 100, { message: 'first', files: { one: 1 } })
    await index.refreshPackages()
    source.spoil(source.push('lab/a', 200, { message: 'second', files: { two: 1 } }), undefined)
    expect((await index.refreshPackages()).unreadable.map(({ name }) => name)).toEqual(['lab/a'])
    expect(rows('select comment, is_latest, pointer from revision')).toEqual([
      { comment: 'first', is_latest: 0, pointer: '100' },
    ])
    expect(keys()).toEqual([])
    source.unpoint('lab/a', '200')
    source.unpoint('lab/a', 'latest')
    expect((await index.refreshPackages()).unreadable).toEqual([])
  })

  it.each(['timeout', 'forbidden'] as const)('is named when a manifest cannot be fetched: %s', async (code) => {
    const { source, index } = world
    source.push('lab/a', 100, { message: 'a', files: {} })
    source.push('lab/b', 100, { message: 'b', files: {} })
    source.failNext(new QuiltError(code, 'No answer'))
    expect((await index.refreshPackages()).unreadable).toEqual([{ name: 'lab/a', why: 'No answer' }])
  })

  it('ends the refresh when the credentials are refused, or it is no error of reading', async () => {
    const { source, index } = world
    source.push('lab/a', 100, { files: {} })
    for (const error of [new QuiltError('unauthenticated', 'Expired'), new TypeError('a defect')]) {
      source.failNext(error)
      await expect(index.refreshPackages()).rejects.toBe(error)
    }
    await index.refreshPackages()
    expect(index.state()).toMatchObject({ packagesAtMs: 1_000, unreadable: [] })
  })
})
