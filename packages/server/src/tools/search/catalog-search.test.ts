import { parseQuery, type SearchRequest } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { catalogSearch } from './catalog-search.js'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const linked = (query: string, request: Partial<SearchRequest> = {}) =>
  catalogSearch({ scope: 'packages', query: parseQuery(query), ...request }, nowMs)?.parameters

describe('a search of the catalog (formats.md 10.3)', () => {
  it.each([
    ['*', []],
    ['rna (liver OR -"a b")', [['q', 'rna AND (liver OR NOT "a b")']]],
    ['name:lab/x', [['name', '$s$:lab/x']]],
    ['name:"a*b"', [['name', '$s$:a\\*b']]],
    ['hash:2a5a?7*', [['hash', '$s$:2a5a?7*']]],
    ['workflow:alpha', [['workflow', '"alpha"']]],
    ['comment:"first import"', [['comment', '"first import"']]],
    ['size:>10MB', [['size', '{"gte":10000001}']]],
    ['entries:{1.5 TO 7]', [['entries', '{"gte":2,"lte":7}']]],
    ['modified:2025-03', [['modified', '{"gte":"2025-03-01T00:00:00.000Z","lte":"2025-03-31T23:59:59.999Z"}']]],
    ['modified:>=now-1d', [['modified', '{"gte":"2026-11-20T12:00:00.000Z"}']]],
    ['meta./experiment/type:rna', [['meta.e/experiment/type', '"rna"']]],
    ['meta./a:x*', [['meta.w/a', '$s$:x*']]],
    ['meta./a:>=3', [['meta.n/a', '{"gte":3}']]],
    ['meta./a:<2025-01-01', [['meta.d/a', '{"lte":"2024-12-31T23:59:59.999Z"}']]],
  ])('of packages by %s has its parameters', (query, parameters) => {
    const [first = [], ...rest] = parameters
    const type = ['t', 'p']
    expect(linked(query)).toEqual(first[0] === 'q' ? [first, type, ...rest] : [type, ...parameters])
  })

  it('of objects has those of objects', () => {
    expect(linked('ext:csv key:raw/* content:kinase deleted:true', { scope: 'objects' })).toEqual([
      ['t', 'o'],
      ['ext', '"csv",".csv"'],
      ['key', '$s$:raw/*'],
      ['content', 'kinase'],
      ['deleted', 'true'],
    ])
  })

  it('has an order and older revisions', () => {
    expect(linked('*', { order: { by: 'size', direction: 'asc' }, allRevisions: true })).toEqual([
      ['t', 'p'],
      ['s', 'sys:size:asc'],
      ['rev', 'all'],
    ])
  })

  it.each([
    ['name:a OR name:b', {}],
    ['NOT name:a', {}],
    ['name:a name:b', {}],
    ['ext:csv', {}],
    ['bucket:lab-a', {}],
    ['name:*', {}],
    ['meta:x', {}],
    ['meta./a:true', {}],
    ['meta./a:7', { scope: 'objects' as const }],
    ['meta./a:>7', {}],
    ['hash:[a TO b]', {}],
    ['*', { scope: 'entries' as const }],
    ['*', { scope: 'objects' as const, order: { by: 'size', direction: 'asc' } as const }],
    ['*', { order: { by: 'meta', path: '/a', direction: 'asc' } as const }],
  ])('cannot be made of %s, %j', (query, request) => {
    expect(linked(query, request)).toBeUndefined()
  })
})
