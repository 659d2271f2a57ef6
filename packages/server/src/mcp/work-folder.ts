// Where the work of a call is kept that a later call goes on with.

/** A folder of this machine for work that may be continued by a later call. */
export interface WorkFolder {
  /** Shared by all callers. */
  readonly path: string
  /** Tells callers apart: what one left is found by nobody else. Says nothing about them. */
  readonly owner: string
}
