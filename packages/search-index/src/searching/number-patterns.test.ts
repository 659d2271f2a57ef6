import { parseQuery } from '@quilt-mcp/core'
import { expect, it } from 'vitest'
import { filledIndex } from '../test/filled-index.js'
import { usualCosts } from './meaning.js'
import { searchIndexes } from './search-indexes.js'

const keys = [
  'run_019/a',
  'run_0-9/a',
  'run_0é9/a',
  'run_0x9/a',
  'run_0写9/a',
  'run_0199/a',
  'run_1019/a',
  '09',
  '1/0/9',
  'v0_9',
]
const index = () =>
  filledIndex({
    bucket: 'lab-data',
    objects: [],
    revisions: [
      { name: 'lab/runs', hash: 'ab'.repeat(32), isLatest: true, files: keys.map((key) => ({ key, size: 1 })) },
    ],
  })

it.each([
  ['key:run_0?9/*', ['run_019/a', 'run_0-9/a', 'run_0é9/a', 'run_0x9/a', 'run_0写9/a']],
  ['key:*_0?9/*', ['run_019/a', 'run_0-9/a', 'run_0é9/a', 'run_0x9/a', 'run_0写9/a']],
  ['key:*_?019/*', ['run_1019/a']],
  ['key:*/0?9', ['1/0/9']],
  ['key:v0?9', ['v0_9']],
  ['key:*_01??/*', ['run_0199/a']],
  ['key:0?9', []],
])('%s finds numbers with any character in the open place', async (text, found) => {
  const lab = index()
  try {
    const query = parseQuery(text)
    for (const costs of [usualCosts, { ...usualCosts, narrow: 0 }]) {
      const { hits } = await searchIndexes([lab], { scope: 'entries', query }, { nowMs: 0, costs })
      expect(hits.map((hit) => hit.kind === 'entry' && hit.logicalKey).toSorted()).toEqual(found.toSorted())
    }
  } finally {
    lab.close()
  }
})
