// What the process of one user stands in, as data: nothing below the command line asks Node for it.

/** Where the ways to sign in on one machine are looked for. Never given by a server for many. */
export interface Surroundings {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly homeDir: string
  readonly platform: NodeJS.Platform
}
