// A process that builds an index of 60 packages with 200 files each, and says how many are in it whenever there are more.
// Waits for its standard input to end before it begins.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBucketIndex } from '../open-index.js'
import type { RegistrySource } from '../source.js'
import { mapSource } from './map-source.js'

const [, , folder = ''] = process.argv
const source = mapSource()
for (let n = 0; n < 60; n += 1) {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, file) => [`raw/${n}/${file}.csv`, file]))
  for (const time of [100, 200]) source.push(`lab/p${n}`, time, { message: `${n} at ${time}`, files })
}
/** A registry that takes its time: there is something to interrupt. */
const slow: RegistrySource = {
  ...source,
  async manifest(topHash, options) {
    await sleep(5)
    return source.manifest(topHash, options)
  },
}
const index = await openBucketIndex({ folder, id: 'lab', source: slow })
process.stdin.resume()
await once(process.stdin, 'end')
await index.refreshPackages({
  onProgress: ({ packages }) => void process.stdout.write(`${packages?.done ?? 60}\n`),
})
process.stdout.write(`read ${source.manifestsRead().length}\n`)
index.close()
