import { availableParallelism } from 'node:os'

/** How many parts of local files are held and hashed at the same time: one for each core, and one that is read meanwhile. */
export const partsAtOnce = (): number => availableParallelism() + 1
