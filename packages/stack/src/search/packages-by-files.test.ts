// Packages found by their files, over an index of a registry that is plain data.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyJsonObject, newHeader, parseQuery, type SearchRequest, writeManifest } from '@quilt-mcp/core'
import { openBucketIndex, type RegistrySource, searchIndexes } from '@quilt-mcp/search-index'
import { expect, it, onTestFinished } from 'vitest'
import { packagesByFiles } from './packages-by-files.js'

/** A registry: names of packages with the number of files in each; those with as many have the same files and the same hash. */
function registryOf(packages: ReadonlyMap<string, number>): RegistrySource {
  const hashOf = (files: number): string => String(files).padStart(64, '0')
  return {
    bucket: 'lab',
    async *pointers() {
      yield [...packages.keys()].map((name) => ({ name, pointer: 'latest', stamp: '1' }))
    },
    topHash: async (name) => hashOf(packages.get(name) ?? 0),
    async manifest(topHash) {
      const entries = Array.from({ length: Number(topHash) }, (_, index) => ({
        logicalKey: `plate/${String(index).padStart(5, '0')}.csv`,
        physicalKey: `s3://lab/plate/${index}.csv`,
        size: 1,
        hash: { type: 'SHA256', value: '0'.repeat(64) } as const,
        meta: emptyJsonObject,
      }))
      return writeManifest({ header: newHeader({ message: null }), entries: [entries] })
    },
    async *objects() {},
  }
}

/** Names of the packages on each page, and how many files of each are told. */
async function pagesOf(packages: Readonly<Record<string, number>>, size: number) {
  const folder = mkdtempSync(join(tmpdir(), 'quilt-by-files-'))
  const index = await openBucketIndex({ folder, id: 'lab', source: registryOf(new Map(Object.entries(packages))) })
  onTestFinished(() => {
    index.close()
    rmSync(folder, { recursive: true })
  })
  await index.refreshPackages()
  const look = (request: SearchRequest) => searchIndexes([index], request, { nowMs: 0 })
  const query = parseQuery('key:plate/*')
  const pages: (readonly (readonly [string, number])[])[] = []
  let after: string | undefined
  do {
    const { hits, next } = await packagesByFiles(look, { query, buckets: undefined, after, size })
    pages.push(hits.map(({ name, files = [] }) => [name, files.length]))
    after = next
  } while (after !== undefined)
  return pages
}

it('come in the order of their hashes, page after page, at most a hundred files of each', async () => {
  expect(await pagesOf({ 'a/three': 3, 'a/none': 0, 'a/many': 150, 'a/one': 1 }, 2)).toEqual([
    [
      ['a/one', 1],
      ['a/three', 3],
    ],
    [['a/many', 100]],
  ])
})

it('are all found where some have the same content, and more files than are read at once', async () => {
  const twins = { 'twin/a': 1_001, 'twin/b': 1_001, 'twin/c': 1_001 }
  expect(await pagesOf({ ...twins, 'other/x': 1 }, 1)).toEqual([
    [['other/x', 1]],
    Object.keys(twins).map((name) => [name, 100]),
  ])
})

it('are found by hundreds on one page, also with the same content', async () => {
  const names = Array.from({ length: 1_010 }, (_, index) => `lab/p${String(index).padStart(4, '0')}`)
  expect(await pagesOf(Object.fromEntries(names.map((name) => [name, 2])), 1_000)).toEqual([
    names.map((name) => [name, 2]),
  ])
})
