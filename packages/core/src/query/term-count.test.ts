import { expect, it } from 'vitest'
import { allOf } from './field-filter.js'
import { parseQuery } from './parse.js'
import { checkTerms } from './term-count.js'

const terms = (count: number) =>
  parseQuery(Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'a' : 'NOT name:b')).join(' '))

it('a query has at most 500 terms, of however many it is made', () => {
  expect(() => checkTerms(allOf([terms(300), parseQuery(''), terms(200)]))).not.toThrow()
  expect(() => checkTerms(allOf([terms(300), terms(201)]))).toThrow('the search has 501 terms')
})
