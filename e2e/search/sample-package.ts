// What a sample catalogue is made of: plain data, so that a test can say by plain JavaScript what a search has to find in it.

/** User metadata as plain JSON. */
export type PlainMeta = Readonly<Record<string, unknown>>

export interface SampleEntry {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** User metadata of the entry. */
  readonly meta?: PlainMeta
}

export interface SampleRevision {
  /** When it was made: Unix seconds. */
  readonly seconds: number
  readonly comment: string | null
  readonly meta?: PlainMeta
  /** Id of the workflow that it passed. */
  readonly workflow?: string
  readonly entries: readonly SampleEntry[]
}

export interface SamplePackage {
  readonly name: string
  /** The oldest first; at least one. */
  readonly revisions: readonly SampleRevision[]
}

/** The latest revision of a package. */
export function latestOf({ name, revisions }: SamplePackage): SampleRevision {
  const latest = revisions.at(-1)
  if (latest === undefined) throw new Error(`${name} has no revision`)
  return latest
}
