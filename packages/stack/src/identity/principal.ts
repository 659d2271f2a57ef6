// Who a request comes from, and what its role may do. The same for GraphQL, REST, S3 and browse.

/** What a managed policy allows on one bucket. READ_WRITE includes READ. */
export type PermissionLevel = 'READ' | 'READ_WRITE'

/** A user acting in one role. */
export interface Principal {
  readonly userId: string
  readonly userName: string
  readonly email: string
  readonly isAdmin: boolean
  readonly roleName: string
  /** Bucket name to level, from the policies of the role. A bucket that is not here is invisible. */
  readonly permissions: ReadonlyMap<string, PermissionLevel>
}

/** AWS credentials that this stack issued. */
export interface IssuedCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expires: Date
  /** How an AssumeRole call named this session. Absent for credentials of the registry. */
  readonly session?: RoleSession
}

/** What AssumeRole was told about the session it opens. Kept with the credentials. */
export interface RoleSession {
  readonly name: string
  readonly sourceIdentity?: string
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
}

/** Finds out who is calling. */
export interface Authenticator {
  /** A catalog session JWT or a `qk_` key. Undefined when it is unknown, expired or revoked. */
  byBearer(token: string): Promise<Principal | undefined>
  /** The credentials issued under an access key id, with the principal they act for. Undefined when unknown. */
  byAccessKeyId(
    accessKeyId: string,
  ): { readonly principal: Principal; readonly credentials: IssuedCredentials } | undefined
  /** Issues temporary AWS credentials for a principal.
   * @param seconds how long they live
   * @param session what AssumeRole was told; stored with the credentials and returned with them by `byAccessKeyId` */
  issueCredentials(principal: Principal, seconds: number, session?: RoleSession): IssuedCredentials
  /** The same user in another role that the user has. Undefined when the role is unknown or not the user's. */
  assumeRole(principal: Principal, roleName: string): Principal | undefined
}
