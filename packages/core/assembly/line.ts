// The record of one line: where its fields lie, as indexes into the block, `...End` behind the last byte.

export const lineFrom: usize = 0
export const keyFrom: usize = 4
export const keyEnd: usize = 8
export const physicalKeyFrom: usize = 12
export const physicalKeyEnd: usize = 16
export const hashTypeFrom: usize = 20
export const hashTypeEnd: usize = 24
export const hashValueFrom: usize = 28
export const hashValueEnd: usize = 32
export const metaFrom: usize = 36
export const metaEnd: usize = 40
/** Behind the closing brace. */
export const lineEnd: usize = 44
/** Behind the line feed. */
export const nextLine: usize = 48
/** A sum of the following. */
export const flags: usize = 52
/** There may be characters outside ASCII. */
export const notAscii: i32 = 1
/** The hash's type is `sha2-256-chunked`. */
export const chunkedHash: i32 = 2
/** Bytes of the object, a double. */
export const sizeAt: usize = 56
