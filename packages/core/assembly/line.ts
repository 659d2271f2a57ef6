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
/** 1 when there may be characters outside ASCII. */
export const isNotAscii: usize = 52
/** Bytes of the object, a double. */
export const sizeAt: usize = 56
