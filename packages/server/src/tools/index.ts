// Every tool of the server, by toolset.
import type { AnyTool } from '../mcp/define-tool.js'
import { bucketList } from './catalog/bucket-list.js'
import { catalogLink } from './catalog/catalog-link.js'
import { catalogStatus } from './catalog/catalog-status.js'
import { roleSwitch } from './catalog/role-switch.js'
import { bucketObjectsList } from './objects/bucket-objects-list.js'
import { objectInfo } from './objects/object-info.js'
import { objectLink } from './objects/object-link.js'
import { objectPut } from './objects/object-put.js'
import { objectRead } from './objects/object-read.js'
import { packageBrowse } from './packages/package-browse.js'
import { packageCreate } from './packages/package-create.js'
import { packageCreateFromS3 } from './packages/package-create-from-s3.js'
import { packageDelete } from './packages/package-delete.js'
import { packageDiff } from './packages/package-diff.js'
import { packageList } from './packages/package-list.js'
import { packagePromote } from './packages/package-promote.js'
import { packageRevisions } from './packages/package-revisions.js'
import { packageUpdate } from './packages/package-update.js'
import { getResource } from './resources/get-resource.js'
import { searchCatalog } from './search/search-catalog.js'

/** All tools. Which of them a caller sees is decided by mcp/tool-registry.ts. */
export const allTools: readonly AnyTool[] = [
  catalogStatus,
  catalogLink,
  bucketList,
  roleSwitch,
  bucketObjectsList,
  objectInfo,
  objectRead,
  objectLink,
  objectPut,
  packageList,
  packageRevisions,
  packageBrowse,
  packageDiff,
  packageCreate,
  packageCreateFromS3,
  packageUpdate,
  packagePromote,
  packageDelete,
  searchCatalog,
  getResource,
]
