// The packages of the demo, with real public data, as sample packages.
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tenants } from '../../packages/server/src/cli/demo/catalogue.js'
import type { SampleEntry, SamplePackage, SampleRevision } from './sample-package.js'

const folder = join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '../data')

/** Each revision is the one before with files added and removed. */
export const demoPackages: readonly SamplePackage[] = tenants.flatMap(({ packages }) =>
  packages.map(({ name, revisions }) => {
    const entries = new Map<string, SampleEntry>()
    return {
      name,
      revisions: revisions.map(({ message, metadata, add, remove = [] }, index): SampleRevision => {
        for (const key of remove) entries.delete(key)
        for (const file of add) {
          const size = 'text' in file ? Buffer.byteLength(file.text) : statSync(join(folder, file.dataset)).size
          entries.set(file.logicalKey, { key: file.logicalKey, size })
        }
        const seconds = Date.UTC(2025, 6, 1 + index) / 1_000
        return { seconds, comment: message, meta: metadata, entries: [...entries.values()] }
      }),
    }
  }),
)
