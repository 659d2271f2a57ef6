import { join } from 'node:path'
import { fieldFilter, parseQuery } from '@quilt-mcp/core'
import { expect, it } from 'vitest'
import { idleBackend } from '../mcp/test/sample-tools.js'
import { clientOf } from '../tools/test/world.js'

const page = join(import.meta.dirname, '../../../../docs/reference/search-syntax.md')
const read = () => clientOf(idleBackend, 'ada').resource('quilt-platform://search_syntax')

it('is the reference page, word for word', async () => {
  await expect(await read()).toMatchFileSnapshot(page)
})

it('shows queries and filters that can be read', async () => {
  const text = await read()
  const [, examples = ''] = text.split('## Examples')
  const queries = [...examples.matchAll(/^\| `((?:[^`\\]|\\.)+)` \|/gm)].map(([, query = '']) => query)
  expect(queries.length).toBeGreaterThan(10)
  for (const query of queries) expect(() => parseQuery(query), query).not.toThrow()
  expect(text).toContain('"ext": ["csv", "tsv"]')
  expect(fieldFilter('meta./assay', 'rna')).toMatchObject({ field: 'meta', path: '/assay' })
})
