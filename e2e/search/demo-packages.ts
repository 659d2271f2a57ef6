// The packages of the demo, with real public data, as sample packages.
import { type SampleFile, tenants } from '../../packages/server/src/cli/demo/catalogue.js'
import { openDatasets } from '../../packages/server/src/cli/demo/datasets.js'
import type { SampleEntry, SamplePackage, SampleRevision } from './sample-package.js'

const datasets = await openDatasets()

async function sizeOf(file: SampleFile): Promise<number> {
  return 'text' in file ? Buffer.byteLength(file.text) : (await datasets.bytes(file.dataset)).byteLength
}

const files = tenants.flatMap(({ packages }) =>
  packages.flatMap(({ revisions }) => revisions.flatMap(({ add }) => add)),
)
const sizes = new Map(await Promise.all(files.map(async (file) => [file, await sizeOf(file)] as const)))

/** Each revision is the one before with files added and removed. */
export const demoPackages: readonly SamplePackage[] = tenants.flatMap(({ packages }) =>
  packages.map(({ name, revisions }) => {
    const entries = new Map<string, SampleEntry>()
    return {
      name,
      revisions: revisions.map(({ message, metadata, add, remove = [] }, index): SampleRevision => {
        for (const key of remove) entries.delete(key)
        for (const file of add) entries.set(file.logicalKey, { key: file.logicalKey, size: sizes.get(file) ?? 0 })
        const seconds = Date.UTC(2025, 6, 1 + index) / 1_000
        return { seconds, comment: message, meta: metadata, entries: [...entries.values()] }
      }),
    }
  }),
)
