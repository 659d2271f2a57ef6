import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { refusalOf } from '../test/collect.js'
import { freshName, putFiles } from '../test/packages.js'
import { startWorld, type World } from '../test/world.js'

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

describe('removing', () => {
  const three = async () => {
    const ref = freshName()
    const hashes: string[] = []
    for (const message of ['one', 'two', 'three']) {
      const entries = await putFiles(ada, { 'a.txt': message }, 'removal')
      hashes.push((await ada.packages.push({ ...ref, entries, message })).revision.topHash)
    }
    return { ref, hashes }
  }

  it('one revision leaves the others', async () => {
    const { ref, hashes } = await three()
    const [one, two = '', third] = hashes
    expect(await ada.packages.remove(ref, { topHash: two.slice(0, 12) })).toEqual({ removed: [two], latest: third })
    expect((await ada.packages.revisions(ref)).items.map(({ topHash }) => topHash)).toEqual([third, one])
  })

  it('the latest one moves latest to the one before', async () => {
    const { ref, hashes } = await three()
    const [, two, third] = hashes
    expect(await ada.packages.remove(ref, { topHash: third })).toEqual({ removed: [third], latest: two })
  })

  it('all of them takes the package out of the list', async () => {
    const { ref, hashes } = await three()
    expect(await ada.packages.remove(ref)).toEqual({ removed: hashes })
    expect((await refusalOf(ada.packages.resolve(ref))).code).toBe('not_found')
    expect((await ada.packages.list('lab-a', { filter: ref.name })).items).toEqual([])
  })

  it('what is not there is not found', async () => {
    expect((await refusalOf(ada.packages.remove(freshName()))).code).toBe('not_found')
  })
})
