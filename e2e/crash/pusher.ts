// A process that makes the second revision of a package, as a user who tries again does: it looks first whether it is there.
import { createUnfinishedUploads, type PlannedEntry, type SelectOptions, selectBackend } from '@quilt-mcp/backends'
import { headerMessage } from '@quilt-mcp/core'
import { type CrashedPackage, secondMessage, secondPlan } from './plan.js'

const [settings = '', notes = '', given = ''] = process.argv.slice(2)
const { packages } = await selectBackend({
  ...(JSON.parse(settings) as SelectOptions),
  unfinishedUploads: createUnfinishedUploads({ folder: notes }),
})
const crashed = JSON.parse(given) as CrashedPackage
const reader = await packages.open(await packages.resolve(crashed))
if (headerMessage(reader.header) !== secondMessage(crashed)) {
  const keptEntries: PlannedEntry[] = []
  for await (const batch of reader.entries())
    keptEntries.push(...batch.filter(({ logicalKey }) => logicalKey === 'kept.txt'))
  await packages.push(await secondPlan(crashed, { base: reader.revision.topHash, keptEntries }))
}
// What keeps sockets open must not keep the process.
process.exit(0)
