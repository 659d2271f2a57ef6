// Packages over the registry's GraphQL.
import { checkBucketName } from '@quilt-mcp/core'
import { pageByNumber } from '../../cursor.js'
import { packageRevisionDeleteMutation } from '../../registry-api/operations/package-revision-delete.js'
import { packagesQuery } from '../../registry-api/operations/packages.js'
import type { Packages } from '../port.js'
import { type RemoveDeps, removeRevisions } from '../remove.js'
import { checkRef, noBucket, noRevision, resolveRevision } from '../revisions.js'
import type { OwnReach } from './own-reach.js'
import { promoteByRegistry } from './promote.js'
import { checkPush, pushRevision } from './push.js'
import { type ReaderDeps, revisionReader } from './reader.js'
import { registryOpenings, registryRevisions } from './revisions.js'
import { objectWorkflows } from './workflows.js'

export interface RegistryPackagesDeps extends ReaderDeps {
  /** Milliseconds to wait before each look for a revision whose push was not answered. Default: 32 s in five looks. */
  readonly lookPausesMs?: readonly number[] | undefined
  /** Absent: nothing but the registry is asked when a package is made. */
  readonly own?: OwnReach | undefined
}

const defaultLookPausesMs = [0, 2_000, 5_000, 10_000, 15_000]

/** Makes the packages of one principal. */
export function registryPackages(deps: RegistryPackagesDeps): Packages {
  const { graphql, lookPausesMs = defaultLookPausesMs } = deps
  const pushing = { graphql, own: deps.own, lookPausesMs }
  const revisions = registryRevisions(graphql)
  const openings = registryOpenings(graphql)
  const removeOne: RemoveDeps['removeOne'] = async ({ bucket, name }, hash, options) => {
    await graphql.run(packageRevisionDeleteMutation, { bucket, name, hash }, options)
  }
  const open: Packages['open'] = async (revision, options) => {
    const found = await openings.find(revision, revision.topHash, options)
    if (found === undefined) throw noRevision(revision, revision.topHash)
    const { totalEntries, totalBytes } = found.revision
    const totals = {
      ...(totalEntries === undefined ? {} : { totalEntries }),
      ...(totalBytes === undefined ? {} : { totalBytes }),
    }
    return revisionReader(deps, { revision: { ...revision, ...totals }, header: found.header })
  }

  return {
    async list(bucket, page = {}) {
      checkBucketName(bucket)
      return pageByNumber(page, async (number, perPage) => {
        const { packages } = await graphql.run(packagesQuery, { bucket, filter: page.filter, number, perPage }, page)
        if (packages === null) throw noBucket(bucket)
        return { total: packages.total, items: packages.page.map(({ name, modified }) => ({ bucket, name, modified })) }
      })
    },
    async revisions(ref, page) {
      checkRef(ref)
      return revisions.list(ref, page)
    },
    resolve: (ref, tagOrHash = 'latest', options) => resolveRevision(revisions, ref, tagOrHash, options),
    open,
    openAt: async (ref, tagOrHash = 'latest', options) =>
      revisionReader(deps, await resolveRevision(openings, ref, tagOrHash, options)),
    push: (plan, options) => pushRevision(pushing, plan, options),
    check: (plan, options) => checkPush(pushing, plan, options),
    ...objectWorkflows(deps.objects),
    promote: (revision, plan, options) => promoteByRegistry({ ...pushing, open }, revision, plan, options),
    remove: (ref, options) => removeRevisions({ revisions, removeOne }, ref, options),
  }
}
