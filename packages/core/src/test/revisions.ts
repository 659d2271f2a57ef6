// Small revisions for tests of diff and merge.
import fc from 'fast-check'
import type { Entry } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'

/** An entry whose content is told apart by its text. */
export const anEntry = (logicalKey: string, content = 'x', changes: Partial<Entry> = {}): Entry => ({
  logicalKey,
  physicalKey: `s3://lab/${logicalKey}`,
  size: content.length,
  hash: { type: 'sha2-256-chunked', value: content },
  meta: new Map(),
  ...changes,
})

/** The entries as a reader yields them: in tree order, in batches. */
export async function* inBatches(entries: readonly Entry[], size = 2): AsyncGenerator<readonly Entry[]> {
  const sorted = [...entries].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  for (let from = 0; from < sorted.length; from += size) yield sorted.slice(from, from + size)
}

/** A revision over few keys and contents, so that two of them often share both. No key is a file and a directory. */
export const revision: fc.Arbitrary<readonly Entry[]> = fc
  .dictionary(
    fc.constantFrom('a', 'b', 'ab', 'a-', 'd/a', 'd/b', 'd-/a', 'd/e/a', 'd/e-', 'ﬁ', '😀'),
    fc.record({
      content: fc.constantFrom('x', 'y', 'zz'),
      meta: fc.constantFrom('', 'm'),
      at: fc.constantFrom(1, 2),
      type: fc.constantFrom('sha2-256-chunked', 'sha2-256-chunked', 'SHA256'),
    }),
  )
  .map((files) =>
    Object.entries(files).map(([key, { content, meta, at, type }]) =>
      anEntry(key, content, {
        physicalKey: `s3://lab/${at}`,
        hash: { type, value: content },
        ...(meta !== '' && { meta: new Map([['user_meta', meta]]) }),
      }),
    ),
  )
