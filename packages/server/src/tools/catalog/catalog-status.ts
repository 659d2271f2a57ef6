import type { Backend, Identity } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'

export const catalogStatus = defineTool({
  name: 'catalog_status',
  title: 'Status',
  toolset: 'catalog',
  access: 'read',
  needs: [],
  description:
    'Says who you are signed in as (user, role, catalog), which backend serves you and why, and what you can do. Call it first, and when access is refused.',
  input: z.strictObject({}),
  output: z.object({
    signed_in: z.boolean(),
    backend: z.string(),
    why: z.array(z.string()),
    user: z.string().optional(),
    email: z.string().optional(),
    is_admin: z.boolean().optional(),
    role: z.string().optional(),
    other_roles: z.array(z.string()).optional(),
    catalog: z.string().optional(),
    registry: z.string().optional(),
    region: z.string().optional(),
    stack_version: z.string().optional(),
    can: z.array(z.string()),
    cannot: z.array(z.string()),
    fix: z.string().optional(),
    next: z.array(z.string()),
  }),
  aliases: ['auth_status', 'get_catalog_info', 'catalog_info'],
  examples: [{}],
  async run(ctx) {
    const identity = await identityOf(ctx)
    const why = (ctx.backend.trace ?? []).map(
      ({ looked, outcome, explanation }) => `${looked} ${outcome}: ${explanation}`,
    )
    if (identity instanceof QuiltError) {
      return {
        structure: {
          signed_in: false,
          backend: ctx.backend.name,
          why,
          ...(isPublicReader(identity) ? publicAbilities : noAbilities),
          fix: [identity.message, identity.hint].filter((part) => part !== undefined).join('. '),
          next: ['catalog_status'],
        },
      }
    }
    return {
      structure: {
        ...signedIn(identity, ctx.backend),
        why: why.length > 0 ? why : ['the token of this request decided'],
      },
    }
  },
})

const noAbilities = { can: [], cannot: ['list, read or change anything before you are signed in'] }
const publicAbilities = {
  can: ['list and read what the public may read in the buckets that are named'],
  cannot: ['read or change anything else before you are signed in'],
}

/** Nobody at all, but on a backend that reads public buckets for nobody. */
const isPublicReader = ({ details }: QuiltError): boolean => details?.reason === 'no-aws-credentials'

/** The identity, or why there is none. */
async function identityOf(ctx: ToolContext): Promise<Identity | QuiltError> {
  try {
    return await ctx.backend.identity({ signal: ctx.signal })
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'unauthenticated') return error
    throw error
  }
}

function signedIn(identity: Identity, backend: Backend) {
  const { user, role, roles, catalogUrl, registryUrl, region, stackVersion, objectAccess } = identity
  const otherRoles = (roles ?? []).filter((one) => one !== role)
  return {
    signed_in: user !== undefined || objectAccess === 'files',
    backend: backend.name,
    ...(user !== undefined && { user: user.name }),
    ...(user?.email !== undefined && { email: user.email }),
    ...(user?.isAdmin === true && { is_admin: true }),
    ...(role !== undefined && { role }),
    ...(otherRoles.length > 0 && { other_roles: otherRoles }),
    ...(catalogUrl !== undefined && { catalog: catalogUrl }),
    ...(registryUrl !== undefined && { registry: registryUrl }),
    ...(region !== undefined && { region }),
    ...(stackVersion !== undefined && { stack_version: stackVersion }),
    ...abilities(objectAccess, backend),
    next: ['bucket_list', 'package_list'],
  }
}

/** What is possible, told from what the backend has. */
function abilities(objectAccess: Identity['objectAccess'], { links, packages, search }: Backend) {
  const can = ['list, browse and compare packages']
  const cannot: string[] = []
  if (objectAccess === 'browse-only') {
    can.push('read the files of packages', 'make packages of objects that are in S3')
    cannot.push('list, link or upload objects: the registry gave no AWS credentials')
  } else {
    can.push('create, update and delete packages where you may write', 'list, read and upload objects')
    if (links === undefined) cannot.push('link to objects: files on this machine have no address of their own')
    else can.push('link to objects')
  }
  if (packages.promote !== undefined) can.push('promote packages to other buckets and names')
  if (search === undefined) cannot.push('search')
  else can.push('search packages, their files and objects')
  return { can, cannot: [...cannot, 'run SQL', 'administer'] }
}
