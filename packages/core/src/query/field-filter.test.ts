import { describe, expect, it } from 'vitest'
import { allOf, fieldFilter } from './field-filter.js'
import { formatQuery } from './format.js'
import { parseQuery } from './parse.js'

describe('fieldFilter', () => {
  it.each([
    ['ext', '.csv', 'ext:csv'],
    ['extension', 'csv', 'ext:csv'],
    ['size', '>10MB', 'size:>10MB'],
    ['size', '> 10 MB', 'size:>10MB'],
    ['size', '1.5GiB', 'size:1.5GiB'],
    ['size', '[1MB TO 5MB]', 'size:[1MB TO 5MB]'],
    ['size', '"5"', 'size:5'],
    ['modified', '2025', 'modified:2025'],
    ['modified', '2025-01-01 10:30', 'modified:"2025-01-01 10:30"'],
    ['modified', '>now-30d', 'modified:>now-30d'],
    ['key', 'raw/*', 'key:raw/*'],
    ['key', 'raw/my file (1).csv', 'key:"raw/my file (1).csv"'],
    ['key', 'a b*', 'key:a\\ b*'],
    ['key', 'a\\*', 'key:a\\*'],
    ['key', '"a*"', 'key:"a*"'],
    ['key', '[x', 'key:\\[x'],
    ['comment', 'a OR b', 'comment:"a OR b"'],
    ['name', 'NOT', 'name:"NOT"'],
    ['comment', 'x) OR (size:>5', 'comment:"x) OR (size:>5"'],
    ['comment', '*', 'comment:*'],
    ['deleted', 'true', 'deleted:true'],
    ['meta', 'rna', 'meta:rna'],
    ['meta./a/b', '>5', 'meta./a/b:>5'],
    ['meta.a.b', 'x', 'meta./a/b:x'],
    ['meta/a/b', 'x', 'meta./a/b:x'],
    ['user_meta."/a b:c"', 'x', 'meta."/a b:c":x'],
    ['meta./a', '["1" TO "2"]', 'meta./a:["1" TO "2"]'],
  ])('%s with %s is %s', (field, value, query) => {
    const plain = (text: string) => text.replaceAll('"', '').replaceAll('\\', '')
    expect(plain(formatQuery(fieldFilter(field, value)))).toBe(plain(formatQuery(parseQuery(query))))
    expect(formatQuery(parseQuery(formatQuery(fieldFilter(field, value))))).toBe(formatQuery(fieldFilter(field, value)))
  })

  it.each([
    ['sise', '>5', 'there is no field sise', 'Did you mean size?'],
    ['', 'x', 'there is no field ', 'Fields: name, key'],
    ['size.x', '5', 'there is no field size.x', 'Fields: name, key'],
    ['size', 'big', 'the filter size: "big" is no size of size', 'size:>10MB'],
    ['comment', '>a', 'the filter comment: comment has no order', 'comment:value'],
    ['ext', ' ', 'the filter ext has no value', 'ext:csv'],
  ])('refuses %s with %j', (field, value, message, hint) => {
    expect(() => fieldFilter(field, value)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    )
  })
})

describe('allOf', () => {
  it.each([
    [[], '*'],
    [['', '*'], '*'],
    [['a', ''], 'a'],
    [['a b', 'ext:csv', 'c OR d'], 'a AND b AND ext:csv AND (c OR d)'],
  ])('of %j is %s', (queries, whole) => {
    expect(formatQuery(allOf(queries.map(parseQuery)))).toBe(whole)
  })
})
