import { expect, it } from 'vitest'
import { nearNames } from './near-names.js'

it.each([
  ['readme.md', ['README.md', 'data.csv'], ['README.md']],
  ['data.cvs', ['data.csv', 'notes.txt'], ['data.csv']],
  ['cars', ['cars.json', 'movies.json'], ['cars.json']],
  ['x', ['alpha', 'beta'], []],
  ['flights', [], []],
])('%s: of %j means %j', (wanted, candidates, near) => {
  expect(nearNames(wanted, candidates)).toEqual(near)
})

it('puts the nearest first and ends at five', () => {
  expect(nearNames('part-1', ['part-10', 'part-2', 'part-1', 'part-3', 'part-4', 'part-5', 'part-6'])).toEqual([
    'part-1',
    'part-10',
    'part-2',
    'part-3',
    'part-4',
  ])
})
