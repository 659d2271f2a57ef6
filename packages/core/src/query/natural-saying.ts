// One way to say a filter in plain words.

export interface Saying {
  /** Global and without regard to case; of a fixed shape, so that reading takes a time linear in the text. */
  readonly pattern: RegExp
  /** Undefined: it only looked like one. */
  readonly filterOf: (words: RegExpExecArray, around: Around) => string | undefined
}

export interface Around {
  /** The word before, in lower case. Empty: none, or another filter. */
  readonly before: string
  /** The word behind, in lower case. Empty: none, a comma, or another filter. */
  readonly after: string
  /** Milliseconds since 1970. Absent: nothing is said of today. */
  readonly nowMs: number | undefined
}
