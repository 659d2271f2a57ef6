// What backends can do, as the tools name it: read off the backend's own members (an absent one means: cannot).
import type { Backend, BackendName } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'

/** A capability of the backend that a tool cannot do without. */
export type Capability = 'buckets' | 'objects' | 'packages' | 'promote' | 'links' | 'search' | 'roles'

/** A backend as the registry of tools sees it. */
export interface BackendView {
  readonly name: BackendName
  readonly capabilities: ReadonlySet<Capability>
}

/** What a backend can do. Undefined where nobody is signed in: every tool is listed then, and says what is missing. */
export function viewOf(backend: Backend): BackendView | undefined {
  if (backend.name === 'unauthenticated') return undefined
  const capabilities = new Set<Capability>(['buckets', 'objects', 'packages'])
  if (backend.packages.promote !== undefined) capabilities.add('promote')
  if (backend.links !== undefined) capabilities.add('links')
  if (backend.search !== undefined) capabilities.add('search')
  if (backend.roles !== undefined) capabilities.add('roles')
  return { name: backend.name, capabilities }
}

type Serving = Exclude<BackendName, 'unauthenticated'>

/** Which backends have a capability. */
const havers: Readonly<Record<Capability, readonly Serving[]>> = {
  buckets: ['platform', 'session', 'iam', 'local'],
  objects: ['platform', 'session', 'iam', 'local'],
  packages: ['platform', 'session', 'iam', 'local'],
  promote: ['platform', 'session', 'iam', 'local'],
  links: ['platform', 'session', 'iam'],
  search: ['platform', 'session', 'iam', 'local'],
  roles: ['platform'],
}

/** How a user comes to a backend. */
const howToGet: Readonly<Record<Serving, string>> = {
  platform: 'set QUILT_CATALOG_URL and QUILT_API_KEY',
  session: 'run quilt-mcp login',
  iam: 'sign in to AWS and start with --backend iam',
  local: 'start with --backend local',
}

/** The refusal of a tool that needs what this backend does not have: says who has it, and how to get there. */
export function lacks(tool: string, missing: readonly Capability[], { name }: BackendView): QuiltError {
  const able = missing.reduce<readonly Serving[]>(
    (left, capability) => left.filter((backend) => havers[capability].includes(backend)),
    ['platform', 'session', 'iam', 'local'],
  )
  return new QuiltError(
    'unsupported',
    `${tool} needs ${missing.join(' and ')}, which the ${name} backend does not have`,
    {
      hint: `${able.map((backend) => `The ${backend} backend can: ${howToGet[backend]}.`).join(' ')} catalog_status says what this one can do.`,
      details: { backend: name, missing, backends: able },
      nextTools: ['catalog_status'],
    },
  )
}
