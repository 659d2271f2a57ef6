// Where the fields of an ordinary line lie in its record of 16 integers (packages/core/assembly/line.ts).

/** Integers in the record of one line. */
export const fieldsInLine = 16
export const lineFromAt = 0
export const keyFromAt = 1
export const keyEndAt = 2
export const physicalKeyFromAt = 3
export const physicalKeyEndAt = 4
export const hashTypeFromAt = 5
export const hashTypeEndAt = 6
export const hashValueFromAt = 7
export const hashValueEndAt = 8
export const metaFromAt = 9
export const metaEndAt = 10
/** Behind the closing brace. */
export const lineEndAt = 11
/** Behind the line feed. */
export const nextLineAt = 12
/** A sum of the following. */
export const flagsAt = 13
/** The line may hold characters outside ASCII. */
export const notAsciiFlag = 1
/** The hash's type is `sha2-256-chunked`. */
export const chunkedHashFlag = 2
/** The size as a double: index into the record of 8 doubles. */
export const sizeAt = 7
/** Doubles in the record of one line. */
export const doublesInLine = 8

/** Integers in the record of a run of entries. */
export const fieldsInRun = 6
export const firstLineAt = 0
/** Of a run in one directory: how many bytes its first key shares with the one before. With one extension: where that begins. */
export const sharedAt = 1
export const extensionFromAt = 1
export const runEntriesAt = 2
/** Doubles in the record of a run. */
export const doublesInRun = 3
/** The bytes of a run's entries, as a double. */
export const runBytesAt = 2
