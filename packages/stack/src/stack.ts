// What a stack is from outside: its options, its doors for seeding, its addresses. start.ts makes one.
import type { PermissionLevel } from './identity/principal.js'

export interface StackOptions {
  /** Folder that holds everything; created when missing. */
  readonly dataDir: string
  /** Port of GraphQL, REST, config.json and browse. Default: a free one. */
  readonly registryPort?: number
  /** Port of S3 and STS. Default: a free one. */
  readonly s3Port?: number
  /** Seconds for which issued AWS credentials live. Default 3,600. */
  readonly credentialSeconds?: number
  /** Whether `/api/auth/get_credentials` answers. Default true; false lets clients meet a refused exchange. */
  readonly credentialExchange?: boolean
  /** Whether the registry offers presigned forms to upload with (`generateUploadUrl`), as not all do. Default false. */
  readonly uploadUrls?: boolean
  /** How search takes the order of packages: today's `ordering` (default), or the `order` of older registries. */
  readonly searchSignature?: 'ordering' | 'order'
  /** Told of every failure that is no fault of a client. Default: its stack goes to stderr. */
  readonly onDefect?: (error: unknown) => void
}

/** Who and what a stack has: the doors for seeding and tests. All idempotent. */
export interface StackAdmin {
  createBucket(input: {
    readonly name: string
    readonly title?: string
    readonly description?: string
    readonly browsable?: boolean
  }): void
  createRole(input: { readonly name: string; readonly permissions: Readonly<Record<string, PermissionLevel>> }): void
  createUser(input: {
    readonly name: string
    readonly email: string
    readonly password?: string
    readonly role: string
    readonly extraRoles?: readonly string[]
    readonly isAdmin?: boolean
  }): void
  /** A new catalog session token (JWT with `id`, `uuid`, `exp` only). */
  sessionToken(userName: string, options?: { readonly seconds?: number }): Promise<string>
  /** A new `qk_` API key. */
  apiKey(userName: string, options?: { readonly name?: string; readonly days?: number }): string
  /** A new refresh token: the code that `/login` shows. */
  refreshToken(userName: string): string
}

export interface Stack {
  /** `http://127.0.0.1:<port>`; also the catalog's origin: `<registryUrl>/config.json`. */
  readonly registryUrl: string
  /** `http://127.0.0.1:<port>`: path-style S3, and STS. */
  readonly s3Endpoint: string
  readonly admin: StackAdmin
  close(): Promise<void>
}
