// One port, one suite: every backend is held to the same cases. What one of them cannot keep is named, with its reason in
// docs/reference/backends.md, and must still fail: a case that has begun to hold is taken off the list.
import { afterAll, beforeAll, describe, it } from 'vitest'
import { bucketCases } from './bucket-cases.js'
import { contentCases } from './content-cases.js'
import type { ContractWorld } from './contract-world.js'
import { copyCases } from './copy-cases.js'
import { type ContractBackend, differences } from './differences.js'
import { directoryCases } from './directory-cases.js'
import { entryCases } from './entry-cases.js'
import { foreignCases } from './foreign-cases.js'
import { identityCases } from './identity-cases.js'
import { listingCases } from './listing-cases.js'
import { metadataCases } from './metadata-cases.js'
import { objectCases } from './object-cases.js'
import { packageListCases } from './package-list-cases.js'
import { promoteCases } from './promote-cases.js'
import { pushCases } from './push-cases.js'
import { refusalCases } from './refusal-cases.js'
import { removeCases } from './remove-cases.js'
import { resolveCases } from './resolve-cases.js'
import { revisionCases } from './revision-cases.js'
import { roleCases } from './role-cases.js'
import { searchCases } from './search-cases.js'
import { storedCases } from './stored-cases.js'
import { workflowCases } from './workflow-cases.js'

/** All that is promised, in the order in which it is run. */
export const contract = [
  identityCases,
  bucketCases,
  objectCases,
  listingCases,
  packageListCases,
  revisionCases,
  resolveCases,
  directoryCases,
  entryCases,
  pushCases,
  contentCases,
  copyCases,
  promoteCases,
  refusalCases,
  storedCases,
  metadataCases,
  removeCases,
  foreignCases,
  workflowCases,
  roleCases,
  searchCases,
]

/** Runs the suite against one backend. */
export function behavesAsBackend(name: ContractBackend, start: () => Promise<ContractWorld>): void {
  let world: ContractWorld
  beforeAll(async () => {
    world = await start()
  })
  afterAll(() => world.close())

  for (const { subject, cases } of contract) {
    describe(subject, () => {
      for (const { title, run } of cases) {
        const difference = differences.find((one) => one.backend === name && one.cases.includes(`${subject} ${title}`))
        const promise = difference === undefined ? it : difference.byChance ? it.skip : it.fails
        promise(title, () => run(world))
      }
    })
  }
}
