// Who a request is served for: what a transport hands to the MCP server, and all that differs from caller to caller.
import type { Backend } from '@quilt-mcp/backends'
import type { QuiltError } from '@quilt-mcp/core'
import type { RuntimeAuth, RuntimeEnvironment } from '../context/runtime-context.js'
import type { LocalFileAccess } from '../local-files/local-file-access.js'
import type { CatalogLinks } from './catalog-links.js'
import type { ConfirmationTokens } from './confirmation-tokens.js'
import type { ToolView } from './tool-registry.js'
import type { WorkFolder } from './work-folder.js'

export interface Caller {
  readonly environment: RuntimeEnvironment
  readonly auth?: RuntimeAuth | undefined
  /** First digits of a hash of the credential: tells callers apart in the log, says nothing about them. */
  readonly principal: string
  /** What else is known of the request, for its runtime context. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Milliseconds that a call may take. Absent: as long as it wants. */
  readonly limitMs?: number | undefined
  readonly view: ToolView
  readonly tokens: ConfirmationTokens
  /** The caller's backend; made at the first call, not before: it is heavy. */
  backend(): Promise<Backend>
  /** Where unfinished work is kept. Absent: nothing is. */
  readonly workFolder?: WorkFolder | undefined
  /** Files of this machine: only where the caller is its user. */
  readonly localFiles?: LocalFileAccess | undefined
  /** Links into the caller's catalog. */
  links(): CatalogLinks
  /** Told when a call failed: a rejected credential must not be used again. */
  failed?(error: QuiltError): void
}
