// Where things lie in the memory of this module. Nothing stays there between two uses: a caller copies lines in, calls,
// and reads the results before anybody else calls.

/** A copy of the key before the first line. */
export const previousAt: i32 = 1_024
/** Longest key of an ordinary line. */
export const maxKeyBytes: i32 = 4_096
/** The block of lines. */
export const inputAt: i32 = 8_192
export const inputBytes: i32 = 262_144
/** Loads may reach beyond the block; what they find there is part of no field. */
const padding: i32 = 64

/** The records of `line.ts`, one for each line found. */
export const linesAt: i32 = inputAt + inputBytes + padding
export const lineBytes: i32 = 64
export const maxLines: i32 = 2_048

/** What a call writes: less than the lines from which it is made. */
export const outAt: i32 = linesAt + maxLines * lineBytes

/** The records of `runs.ts`: of entries in one directory, and of entries with one extension. */
export const directoryRunsAt: i32 = outAt + inputBytes + padding
export const runBytes: i32 = 24
export const extensionRunsAt: i32 = directoryRunsAt + maxLines * runBytes
/** Offsets in the output, 4 bytes each. */
export const blockStartsAt: i32 = extensionRunsAt + maxLines * runBytes

/** The member of an object that is being moved, and where the members of open objects begin. */
export const memberTextAt: i32 = blockStartsAt + 256
const maxMovedBytes: i32 = 8_192
export const memberStartsAt: i32 = memberTextAt + maxMovedBytes
