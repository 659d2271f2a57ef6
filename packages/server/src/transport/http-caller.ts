// The caller behind one HTTP request: its principal, as the MCP server sees it.
import { createHash } from 'node:crypto'
import { backendKey, type Principal } from '../auth/principal.js'
import type { RuntimeAuth } from '../context/runtime-context.js'
import type { Caller } from '../mcp/caller.js'
import type { CatalogLinks } from '../mcp/catalog-links.js'
import { type ConfirmationRules, confirmationTokens } from '../mcp/confirmation-tokens.js'
import { narrowedCaller } from '../mcp/narrowing/narrowed-caller.js'
import type { Narrowing } from '../mcp/narrowing/narrowing.js'
import type { Surface } from '../mcp/surface.js'
import type { BackendCache } from './backend-cache.js'

export interface HttpCallerDeps {
  readonly backends: BackendCache
  /** What the settings leave out, whoever calls. */
  readonly narrowing: Narrowing
  /** Longest time that a call may take. */
  readonly requestSeconds: number
  /** Folder for work that a later call continues. Absent: none is kept. */
  readonly workFolder?: string | undefined
  /** Shared by all callers of the process. */
  readonly confirmations: ConfirmationRules
  /** Links into the catalog of the principal's stack. */
  linksOf(principal: Principal): CatalogLinks
  /** Told that a token was refused by its own registry, or by AWS: it is not to be believed in any longer. */
  refused(principal: Principal): void
}

/** How a request came in, beside who sent it. */
export interface HttpRequestView {
  readonly surface: Surface
  readonly narrowing: Narrowing
}

/** Makes the caller of one request. */
export function httpCaller(deps: HttpCallerDeps, principal: Principal, request: HttpRequestView): Caller {
  const { surface, narrowing } = request
  const caller: Caller = {
    environment: 'web-jwt',
    auth: runtimeAuth(principal),
    principal: principal.id,
    metadata: runtimeMetadata(principal),
    limitMs: deps.requestSeconds * 1_000,
    view: { surface, ...deps.narrowing },
    tokens: confirmationTokens(principal.token, deps.confirmations),
    backend: () => deps.backends.get(principal),
    ...(deps.workFolder !== undefined && {
      workFolder: {
        path: deps.workFolder,
        owner: createHash('sha256').update(backendKey(principal)).digest('hex'),
      },
    }),
    links: () => deps.linksOf(principal),
    failed: (error) => {
      if (error.code === 'unauthenticated') deps.refused(principal)
    },
  }
  return narrowedCaller(caller, principal.readOnly ? { ...narrowing, readOnly: true } : narrowing)
}

/** What code inside the request may know of its caller's credential. */
export const runtimeAuth = ({ token, scheme, claims }: Principal): RuntimeAuth => ({
  scheme,
  accessToken: token,
  claims,
  extras: {},
})

/** What the verification found out. The role is recorded here, and assumed at the first use of AWS. */
export const runtimeMetadata = ({ id, role }: Principal): Readonly<Record<string, unknown>> => ({
  principal: id,
  ...(role !== undefined && { role }),
})
