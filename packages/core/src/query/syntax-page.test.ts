import { expect, it } from 'vitest'
import { searchFields } from './fields.js'
import { formatQuery } from './format.js'
import { naturalFilters } from './natural.js'
import { parseQuery } from './parse.js'
import { searchExamples, searchSyntaxPage } from './syntax-page.js'

it.each([
  ...searchExamples.map(([query]) => query),
  ...Object.values(searchFields).map(({ example }) => example),
])('the example %s can be read', (query) => {
  expect(() => parseQuery(query)).not.toThrow()
  expect(searchSyntaxPage()).toContain(`\`${query}\``)
})

it('names every field and alias, in 6,000 characters', () => {
  const page = searchSyntaxPage()
  for (const [name, { aliases }] of Object.entries(searchFields)) {
    for (const word of [name, ...aliases]) expect(page).toContain(`\`${word}\``)
  }
  expect(page.length).toBeLessThanOrEqual(6_000)
})

it('reads plain words as the page says', () => {
  const { found, rest } = naturalFilters('csv files larger than 100 MB from the last 30 days')
  expect(found.map(({ filter }) => filter).join(' ')).toBe('ext:csv size:>100MB modified:>=now-30d')
  expect(rest).toBe('')
  expect(formatQuery(parseQuery('a:b'.replace(':', '\\:')))).toBe('a\\:b')
})
