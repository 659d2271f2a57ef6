// THE PORT. Everything a tool can ask of the outside, whichever of the backends answers.
// An absent optional member means: this backend cannot do that (design 4).
import type { CallOptions, Page, PageOptions } from './call-options.js'
import type { Links, Objects } from './objects/port.js'
import type { Uploads } from './objects/uploads-port.js'
import type { Packages } from './packages/port.js'
import type { Search } from './search/port.js'

/** The four ways to reach Quilt data, and the backend that stands in when none is open: its every call throws `unauthenticated`. */
export type BackendName = 'platform' | 'session' | 'iam' | 'local' | 'unauthenticated'

/** One line of the reason why a backend was chosen (design 4). */
export interface SelectionStep {
  /** What was looked at, by the name under which a user sets it: `QUILT_API_KEY`. */
  readonly looked: string
  readonly outcome: 'chosen' | 'found' | 'missing'
  /** What was found, or how to set it. Never the value of a secret. */
  readonly explanation: string
}

/** Who is asking, as the backend knows it. */
export interface Identity {
  readonly backend: BackendName
  readonly user?: { readonly name: string; readonly email?: string; readonly isAdmin?: boolean }
  /** The active role. */
  readonly role?: string
  /** All roles the user may switch to. */
  readonly roles?: readonly string[]
  /** Origin of the web catalog, without trailing slash. */
  readonly catalogUrl?: string
  readonly registryUrl?: string
  /** AWS region of the stack. */
  readonly region?: string
  readonly stackVersion?: string
  /** How objects are reached now: with the principal's own AWS credentials; through browse sessions only, because the registry
   * refuses credentials or does not manage to give them; from disk. */
  readonly objectAccess: 'credentials' | 'browse-only' | 'files'
}

/** A backend: built for one principal, told nothing about MCP. */
export interface Backend {
  readonly name: BackendName
  /** Why this backend serves, in the order in which things were looked at. Absent where a request's own token decided. */
  readonly trace?: readonly SelectionStep[]
  /** Origin of the web catalog, without trailing slash, where it is known without asking. */
  readonly catalogUrl?: string
  identity(options?: CallOptions): Promise<Identity>
  readonly buckets: Buckets
  readonly objects: Objects
  readonly packages: Packages
  /** Absent where objects have no address of their own. */
  readonly links?: Links
  /** Absent where objects have no address of their own. */
  readonly uploads?: Uploads
  /** Absent where nothing can be searched. */
  readonly search?: Search
  /** Absent where a user has one role at a time for good. */
  readonly roles?: Roles
  /** Ends what is kept open at the other side (browse sessions). Never throws; the backend may still be used afterwards. */
  close(): Promise<void>
}

/** The roles of a user, one of which is active. */
export interface Roles {
  /** Makes another role the active one: at the registry, for all sessions and keys of the user. Nothing that was kept in another role is
   * used afterwards, whether the switch went well or was not answered.
   * @throws {QuiltError} `invalid_input`, with `details.roles`, when the user does not have the role */
  switch(role: string, options?: CallOptions): Promise<RoleSwitch>
}

export interface RoleSwitch {
  readonly before: string
  /** The active role now; the same as `before` when it was active already. */
  readonly role: string
  /** All roles of the user. */
  readonly roles: readonly string[]
}

/** A bucket as the caller sees it. */
export interface Bucket {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Whether overwritten objects are kept: without, a package may come to show other bytes than its own. Absent: not known. */
  readonly versioned?: boolean
}

export interface Buckets {
  list(page?: PageOptions): Promise<Page<Bucket>>
  /** @throws {QuiltError} `not_found` when the bucket does not exist or the caller may not see it */
  get(name: string, options?: CallOptions): Promise<Bucket>
}
