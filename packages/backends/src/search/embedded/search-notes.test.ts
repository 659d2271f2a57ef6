import { expect, it } from 'vitest'
import { awaitedNotes, unreadableNotes } from './search-notes.js'
import { accessDenied, lab } from './test/lab.js'

it('names the first of many buckets that are being listed', () => {
  const buckets = Array.from({ length: 12 }, (_, n) => `lab-${n}`)
  expect(awaitedNotes(buckets)).toEqual([
    `Not searched yet, being listed: ${buckets.slice(0, 10).join(', ')} and 2 more. Search again soon.`,
  ])
  expect(awaitedNotes([])).toEqual([])
})

it('names the first packages of a bucket that cannot be read', async () => {
  const world = lab()
  for (const name of ['a', 'b', 'c', 'd', 'e']) world.push(`lab/${name}`, name)
  world.store().before = (_, key) => (key.startsWith('.quilt/packages/') ? Promise.reject(accessDenied()) : undefined)
  const why = accessDenied().message
  expect((await world.process().find('a')).notes).toEqual([
    `Not found in lab-data, as they cannot be read: lab/a (${why}), lab/b (${why}), lab/c (${why}) and 2 more.`,
  ])
})

it('says nothing of a bucket whose packages can all be read', () => {
  expect(unreadableNotes({ bucket: 'lab-data', state: () => ({ revisionsToCome: 0, unreadable: [] }) })).toEqual([])
})
