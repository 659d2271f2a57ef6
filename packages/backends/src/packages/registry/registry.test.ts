import { encodeJson, headerUserMeta } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../../backend.js'
import { refusalOf } from '../../test/collect.js'
import { entriesOf, freshName, jsonObjectOf, putFiles } from '../../test/packages.js'
import { startWorld, type World } from '../../test/world.js'

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

describe('a first revision', () => {
  it('is made when there is no such package, and reads back as it was planned', async () => {
    const ref = freshName()
    const entries = await putFiles(
      ada,
      { 'a.txt': 'hello', 'data/x.csv': '1,2', 'data-1/y': 'y', 'data.csv': '' },
      'first',
    )
    const userMeta = jsonObjectOf('{"assay":"ATAC"}')
    const { revision } = await ada.packages.push({ ...ref, entries, message: 'first', userMeta, base: null })
    expect(revision).toMatchObject({
      ...ref,
      message: 'first',
      totalEntries: 4,
      topHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const reader = await ada.packages.open(await ada.packages.resolve(ref))
    expect(reader.revision.topHash).toBe(revision.topHash)
    expect(encodeJson(reader.header)).toBe('{"version":"v0","user_meta":{"assay":"ATAC"},"message":"first"}')
    expect((await entriesOf(reader)).map(({ logicalKey, size }) => [logicalKey, size])).toEqual([
      ['a.txt', 5],
      ['data/x.csv', 3],
      ['data-1/y', 1],
      ['data.csv', 0],
    ])
    expect((await reader.entry('a.txt')).hash).toEqual({
      type: 'sha2-256-chunked',
      value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=',
    })
    expect((await reader.entry('a.txt')).physicalKey).toMatch(/^s3:\/\/lab-a\/first\/a\.txt\?versionId=.+/)
  })

  it('is a conflict when the package exists, and nothing changes', async () => {
    const ref = freshName()
    const entries = await putFiles(ada, { 'a.txt': 'a' }, 'conflict')
    const { revision } = await ada.packages.push({ ...ref, entries, message: 'first', base: null })
    const error = await refusalOf(ada.packages.push({ ...ref, entries, message: 'again', base: null }))
    expect([error.code, error.details?.found]).toEqual(['conflict', revision.topHash])
    expect((await ada.packages.revisions(ref)).total).toBe(1)
  })

  it('with bad entries is invalid_input that names them all', async () => {
    const entries = [
      { logicalKey: '../up', physicalKey: 's3://lab-a/x' },
      { logicalKey: 'b', physicalKey: 's3://lab-a/does-not-exist' },
    ]
    const error = await refusalOf(ada.packages.push({ ...freshName(), entries, message: null, base: null }))
    expect(error.code).toBe('invalid_input')
  })
})

describe('packages of a bucket', () => {
  it('are listed by name, filtered, in pages', async () => {
    const entries = await putFiles(ada, { a: 'a' }, 'listing')
    for (const name of ['list/b', 'list/a', 'other/list-c'])
      await ada.packages.push({ bucket: 'lab-a', name, entries, message: null })
    const found = await ada.packages.list('lab-a', { filter: 'LIST' })
    expect(found.items.map(({ name }) => name)).toEqual(['list/a', 'list/b', 'other/list-c'])
    const first = await ada.packages.list('lab-a', { filter: 'list/*', limit: 1 })
    expect([first.total, first.items.map(({ name }) => name)]).toEqual([2, ['list/a']])
    expect(
      (await ada.packages.list('lab-a', { filter: 'list/*', cursor: first.cursor })).items.map(({ name }) => name),
    ).toEqual(['list/b'])
  })

  it('in a bucket that is not visible are not found, not empty', async () => {
    expect((await refusalOf(ada.packages.list('lab-b'))).code).toBe('not_found')
    expect((await ada.packages.list('shared')).items).toEqual([])
  })
})

describe('metadata', () => {
  it('keeps floats, large integers and key order from read to push', async () => {
    const ref = freshName()
    const text = '{"z":1.0,"10":12345678901234567890123,"2":-0.0,"a":{"b":1e-05,"c":[1,2.5,null]}}'
    const [entry = { logicalKey: '', physicalKey: '' }] = await putFiles(ada, { 'a.txt': 'a' }, 'lossless')
    const meta = jsonObjectOf(`{"user_meta":${text}}`)
    await ada.packages.push({ ...ref, entries: [{ ...entry, meta }], message: 'first', userMeta: jsonObjectOf(text) })
    const first = await ada.packages.open(await ada.packages.resolve(ref))
    const userMeta = headerUserMeta(first.header)
    expect(encodeJson(userMeta ?? null)).toBe(text)
    const read = await entriesOf(first)
    await ada.packages.push({
      ...ref,
      entries: read,
      message: 'second',
      ...(userMeta === undefined ? {} : { userMeta }),
      base: first.revision.topHash,
    })
    const second = await ada.packages.open(await ada.packages.resolve(ref))
    expect(encodeJson(headerUserMeta(second.header) ?? null)).toBe(text)
    expect(encodeJson((await second.entry('a.txt')).meta)).toBe(`{"user_meta":${text}}`)
  })
})
