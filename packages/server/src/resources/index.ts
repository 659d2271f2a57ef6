// The resources of the server: what clients may read, and get_resource for those that cannot.
import type { ResourceDefinition, ResourceTemplate } from '../mcp/define-resource.js'
import { athena } from './athena.js'
import { buckets } from './buckets.js'
import { entry } from './entry.js'
import { facets } from './facets.js'
import { found } from './found.js'
import { me } from './me.js'
import { packageResource } from './package.js'
import { searchSyntax } from './search-syntax.js'
import { workflow } from './workflow.js'
import { workflows } from './workflows.js'

/** All resources, in the order in which they are listed. */
export const platformResources: readonly ResourceDefinition[] = [me, buckets, searchSyntax, athena]

/** All templates of resources, in the order in which they are listed. */
export const platformTemplates: readonly ResourceTemplate[] = [
  workflows,
  workflow,
  packageResource,
  entry,
  facets,
  found,
]
