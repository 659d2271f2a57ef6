// What every call of a backend accepts, and what a list answers.
/** What every call accepts. */
export interface CallOptions {
  /** Ends the call early; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Told about the progress of long work. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** How far long work has come. */
export interface Progress {
  readonly done: number
  /** Absent when the amount is not known. */
  readonly total?: number
  /** What the numbers count, in words: `Reading manifest`. */
  readonly message: string
}

/** Which part of a list is wanted. */
export interface PageOptions extends CallOptions {
  /** Items in a page, 1 to 1,000. Default 100. */
  readonly limit?: number | undefined
  /** Where the last page ended: a position, never authority. Absent: from the start. */
  readonly cursor?: string | undefined
}

/** One part of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Present when there is more. */
  readonly cursor?: string
  /** How many items the whole list has, when that is known; never the length of this page. */
  readonly total?: number
}
