import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { bytesOf, refusalOf } from '../test/collect.js'
import { freshName, putFiles } from '../test/packages.js'
import { startWorld, type World } from '../test/world.js'
import type { PackageRef } from './port.js'

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

describe('revisions', () => {
  let ref: PackageRef
  let hashes: readonly string[]

  beforeAll(async () => {
    ref = freshName()
    const made: string[] = []
    for (const message of ['one', 'two', 'three']) {
      const entries = await putFiles(ada, { 'a.txt': message }, 'revisions')
      made.push((await ada.packages.push({ ...ref, entries, message })).revision.topHash)
    }
    hashes = made
  })

  it('are listed newest first, in pages', async () => {
    const first = await ada.packages.revisions(ref, { limit: 2 })
    const rest = await ada.packages.revisions(ref, { limit: 5, cursor: first.cursor })
    expect([first.total, rest.total, rest.cursor]).toEqual([3, 3, undefined])
    expect([...first.items, ...rest.items].map(({ topHash, message }) => [topHash, message])).toEqual([
      [hashes[2], 'three'],
      [hashes[1], 'two'],
      [hashes[0], 'one'],
    ])
  })

  it('are resolved by latest, by hash and by prefix', async () => {
    const [one = '', , three = ''] = hashes
    expect((await ada.packages.resolve(ref)).topHash).toBe(three)
    expect((await ada.packages.resolve(ref, 'latest')).topHash).toBe(three)
    expect((await ada.packages.resolve(ref, one)).topHash).toBe(one)
    expect((await ada.packages.resolve(ref, one.slice(0, 8).toUpperCase())).message).toBe('one')
  })

  it.each([
    ['0'.repeat(64), 'not_found'],
    ['abcdef0', 'not_found'],
    ['yesterday', 'not_found'],
    ['abc', 'invalid_input'],
  ])('%s is %s', async (text, code) => {
    expect((await refusalOf(ada.packages.resolve(ref, text))).code).toBe(code)
  })

  it('each shows its own bytes, also after the object was overwritten', async () => {
    const [one = ''] = hashes
    const reader = await ada.packages.open(await ada.packages.resolve(ref, one))
    const { body, versionId } = await reader.read('a.txt')
    expect([(await bytesOf(body)).toString(), versionId]).toEqual(['one', expect.any(String)])
    const part = await reader.read('a.txt', { range: { first: 1, last: 1 } })
    expect([(await bytesOf(part.body)).toString(), part.size]).toEqual(['n', 3])
  })

  it('a package that is not there says so, and whether the bucket is', async () => {
    const error = await refusalOf(ada.packages.resolve({ bucket: 'lab-a', name: 'ada/nothing' }))
    expect([error.code, error.message]).toEqual(['not_found', 'There is no package ada/nothing in lab-a'])
    expect((await refusalOf(ada.packages.revisions({ bucket: 'nowhere', name: 'ada/nothing' }))).details).toMatchObject(
      { missing: 'bucket' },
    )
  })
})
