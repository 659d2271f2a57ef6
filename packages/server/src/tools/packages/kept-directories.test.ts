import { fromPlain } from '@quilt-mcp/core'
import { expect, it } from 'vitest'
import { keptDirectories } from './kept-directories.js'

const meta = fromPlain({ assay: 'ATAC' })
const reader = { directories: async () => ['data/', 'data/raw/', 'gone/'].map((logicalKey) => ({ logicalKey, meta })) }

it('keeps the metadata of directories that still hold files', async () => {
  const kept = await keptDirectories(reader, ['data/raw/a.csv', 'gone-1/b.csv'], {})
  expect(kept.map(({ logicalKey }) => logicalKey)).toEqual(['data/', 'data/raw/'])
})

it('keeps none where the backend does not tell', async () => {
  expect(await keptDirectories({}, ['data/a.csv'], {})).toEqual([])
})
