import { expect, it } from 'vitest'
import { nameFilter } from './name-filter.js'

it.each([
  ['cell', true],
  ['LAB/C', true],
  ['*/cells', true],
  ['l?b/*', true],
  ['cells*', false],
  ['*?*?*?*?*?*?*?*?*?*?', false],
  ['', true],
])('a filter %s finds lab/cells: %s', (filter, found) => {
  expect(nameFilter(filter)('lab/cells')).toBe(found)
})
