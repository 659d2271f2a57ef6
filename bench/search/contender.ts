// Ours, in a process of its own: builds the index of a registry on disk, or searches it.

import { createReadStream } from 'node:fs'
import { opendir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseQuery, type SearchRequest } from '@quilt-mcp/core'
import { type ListedPointer, openBucketIndex, type RegistrySource, searchIndexes } from '@quilt-mcp/search-index'
import { sqliteTime } from './sqlite-time.js'

interface Asked extends Omit<SearchRequest, 'query' | 'scope'> {
  readonly text: string
  readonly scope?: SearchRequest['scope']
}

const [task, folder = '', indexFolder = '', asked = '[]', rounds = '1'] = process.argv.slice(2)

function registry(root: string): RegistrySource {
  const names = join(root, '.quilt/named_packages')
  return {
    bucket: 'lab',
    async *pointers() {
      for (const lab of await readdir(names)) {
        const batch: ListedPointer[] = []
        for (const name of await readdir(join(names, lab)))
          for (const pointer of await readdir(join(names, lab, name)))
            batch.push({ name: `${lab}/${name}`, pointer, stamp: '1' })
        yield batch
      }
    },
    topHash: (name, pointer) => readFile(join(names, name, pointer), 'utf8'),
    manifest: async (topHash) => createReadStream(join(root, '.quilt/packages', topHash)),
    async *objects() {},
  }
}

async function bytesIn(path: string): Promise<number> {
  let bytes = 0
  for await (const file of await opendir(path, { recursive: true }))
    if (file.isFile()) bytes += (await stat(join(file.parentPath, file.name))).size
  return bytes
}

const index = await openBucketIndex({ folder: indexFolder, id: 'bench', source: registry(folder) })
const sqliteMs = sqliteTime(index)
const started = performance.now()
await index.refreshPackages()
const built = { ms: performance.now() - started, sqliteMs: sqliteMs() }
const searches: readonly Asked[] = JSON.parse(asked)
const answers: { readonly total: number | undefined; readonly ms: readonly number[] }[] = []
for (const { text, scope = 'entries', ...rest } of task === 'search' ? searches : []) {
  const times: number[] = []
  let total: number | undefined
  for (let round = 0; round < Number(rounds); round++) {
    const from = performance.now()
    const answer = await searchIndexes(
      [index],
      { ...rest, scope, query: parseQuery(text), limit: 20 },
      { nowMs: Date.now() },
    )
    times.push(performance.now() - from)
    total = answer.total
  }
  answers.push({ total, ms: times })
}
index.close()
const peakMb = process.resourceUsage().maxRSS / 1_024
console.log(JSON.stringify({ ...built, bytes: await bytesIn(indexFolder), peakMb, answers }))
