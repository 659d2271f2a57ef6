// The cursor of a list over immutable revisions: it names them, so that the next page comes from the same ones
// although `latest` has moved.
import { isTopHash, QuiltError } from '@quilt-mcp/core'

/** A position in a list, and the revisions it belongs to. */
export interface PinnedCursor {
  /** Top hashes; null stands for "no revision". */
  readonly topHashes: readonly (string | null)[]
  readonly cursor: string
}

export const encodePinned = ({ topHashes, cursor }: PinnedCursor): string =>
  [...topHashes.map((topHash) => topHash ?? '-'), cursor].join('.')

/** @param count how many revisions the list is about
 * @throws {QuiltError} `invalid_input` when the cursor is not one of {@link encodePinned} */
export function decodePinned(text: string, count: number): PinnedCursor {
  const parts = text.split('.')
  const cursor = parts[count]
  const topHashes = parts.slice(0, count).map((part) => (part === '-' ? null : part))
  if (parts.length !== count + 1 || cursor === undefined || !topHashes.every((one) => one === null || isTopHash(one))) {
    throw new QuiltError('invalid_input', 'cursor is not one that this tool returned', {
      hint: 'Pass the cursor of the previous page unchanged, or leave it out to start from the beginning.',
      details: { argument: 'cursor' },
    })
  }
  return { topHashes, cursor }
}
