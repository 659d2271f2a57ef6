import { expect, it } from 'vitest'
import { nearNames } from './near-names.js'

it.each([
  ['readme.md', ['README.md', 'data.csv'], ['README.md']],
  ['data.cvs', ['data.csv', 'notes.txt'], ['data.csv']],
  ['cars', ['cars.json', 'movies.json'], ['cars.json']],
  ['x', ['alpha', 'beta'], []],
  ['flights', [], []],
  ['', ['a'], []],
  ['--', ['a'], []],
  ['данные', ['Данные/2024', 'другое'], ['Данные/2024']],
  ['x'.repeat(101), ['y'.repeat(101)], []],
])('%s: of %j means %j', (wanted, candidates, near) => {
  expect(nearNames(wanted, candidates)).toEqual(near)
})

it.each([
  ['package_brwse', ['package_browse']],
  ['packageList', ['package_list']],
  ['packages_list', ['package_list']],
  ['browse', ['package_browse']],
  ['weather', []],
])('a tool called %s is %j', (wanted, near) => {
  const tools = ['package_browse', 'package_list', 'package_create', 'object_read', 'bucket_list']
  expect(nearNames(wanted, tools, 3)).toEqual(near)
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
