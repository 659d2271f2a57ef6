import { expect, it } from 'vitest'
import type { SearchScope } from '../query/fields.js'
import { parseQuery } from '../query/parse.js'
import { checkScope } from './scope.js'

it.each<[string, SearchScope]>([
  ['rna key:a ext:csv meta:x entries:>1 workflow:w', 'packages'],
  ['name:a comment:b hash:c* workflow:w meta./a:1 modified:2025', 'entries'],
  ['content:x deleted:true size:>1 bucket:b', 'objects'],
])('takes %s in %s', (query, scope) => {
  expect(() => checkScope(parseQuery(query), scope)).not.toThrow()
})

it.each<[string, SearchScope, string, string]>([
  ['a OR NOT (b content:x)', 'packages', 'packages cannot be searched by content', 'Search objects by it'],
  ['entries:>1', 'entries', 'entries cannot be searched by entries', 'Search packages by it'],
  ['name:a', 'objects', 'objects cannot be searched by name', 'Search packages or entries by it'],
  ['-meta./a:x', 'objects', 'objects cannot be searched by meta', 'Search packages or entries by it'],
])('refuses %s in %s', (query, scope, message, hint) => {
  expect(() => checkScope(parseQuery(query), scope)).toThrow(
    expect.objectContaining({ code: 'invalid_input', message, hint: expect.stringContaining(hint) }),
  )
})
