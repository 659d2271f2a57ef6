// Are the files of a directory or a bucket prefix those of a manifest? Sizes first, then hashes (formats.md 4.7).
import { canVerify } from '../checksum/verify.js'
import type { Entry, ObjectHash } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'

/** A file where the package is said to be. */
export interface FoundFile {
  /** Path below the directory or prefix, parts joined by `/`: what its logical key should be. */
  readonly path: string
  /** Length in bytes. */
  readonly size: number
}

/** Where the files are: a directory, a bucket prefix. */
export interface FileSource {
  /** All files, in any order, in batches of any size. */
  list(): AsyncIterable<readonly FoundFile[]>
  /** Whether a file of this size has this hash; `verifyHash` over its bytes says so. Called for listed files only. */
  hasHash(path: string, hash: ObjectHash, size: number): Promise<boolean>
}

/** One difference between a manifest and the files. */
export type FileDifference =
  | { readonly kind: 'missing'; readonly logicalKey: string }
  | { readonly kind: 'size'; readonly logicalKey: string; readonly expected: number; readonly found: number }
  | { readonly kind: 'extra'; readonly path: string; readonly size: number }
  | { readonly kind: 'hash'; readonly logicalKey: string }
  /** The size is right; the type of hash is unknown, so more cannot be said. */
  | { readonly kind: 'unverifiable'; readonly logicalKey: string; readonly hashType: string }

/** How files are compared. */
export interface VerifyFilesOptions {
  /** Whether files that the manifest does not have are left out of the result. Default false. */
  readonly extraFilesAllowed?: boolean | undefined
  /** How many files are hashed at the same time, from 1 on. Default 4. */
  readonly concurrency?: number | undefined
  /** Ends comparing; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

type EntryBatches = Iterable<readonly Entry[]> | AsyncIterable<readonly Entry[]>

/**
 * The differences between the entries of a manifest and the files that are there: first all that the listing shows
 * (missing, size, extra), then what reading shows (hash). A file with another size is not read. None: all is well.
 *
 * Holds the listing, not the entries.
 * @param entries gives all entries from the first one, at each call; it is called twice
 */
export async function* verifyFiles(
  entries: () => EntryBatches,
  files: FileSource,
  { extraFilesAllowed = false, concurrency = 4, signal }: VerifyFilesOptions = {},
): AsyncGenerator<FileDifference, void, undefined> {
  const rest = await listed(files, signal)
  const unread = new Set<string>()
  for await (const batch of entries()) {
    signal?.throwIfAborted()
    for (const entry of batch) {
      const difference = differenceInListing(entry, rest.get(entry.logicalKey))
      rest.delete(entry.logicalKey)
      if (difference === undefined) continue
      unread.add(entry.logicalKey)
      yield difference
    }
  }
  if (!extraFilesAllowed) {
    const extra = [...rest].map(([path, size]) => ({ kind: 'extra' as const, path, size }))
    yield* extra.sort((a, b) => compareLogicalKeys(a.path, b.path))
  }
  rest.clear()
  yield* differencesInBytes(entries(), { files, unread, concurrency, signal })
}

async function listed(files: FileSource, signal: AbortSignal | undefined): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for await (const batch of files.list()) {
    signal?.throwIfAborted()
    for (const { path, size } of batch) sizes.set(path, size)
  }
  return sizes
}

function differenceInListing({ logicalKey, size, hash }: Entry, found: number | undefined): FileDifference | undefined {
  if (found === undefined) return { kind: 'missing', logicalKey }
  if (found !== size) return { kind: 'size', logicalKey, expected: size, found }
  return canVerify(hash.type) ? undefined : { kind: 'unverifiable', logicalKey, hashType: hash.type }
}

interface Reading {
  readonly files: FileSource
  /** Keys that are known to differ. */
  readonly unread: ReadonlySet<string>
  readonly concurrency: number
  readonly signal: AbortSignal | undefined
}

/** In the order of the entries, whichever file is read first. */
async function* differencesInBytes(
  entries: EntryBatches,
  { files, unread, concurrency, signal }: Reading,
): AsyncGenerator<FileDifference, void, undefined> {
  const running: Promise<FileDifference | undefined>[] = []
  const oldest = async (): Promise<readonly FileDifference[]> => {
    const difference = await running.shift()
    return difference === undefined ? [] : [difference]
  }
  try {
    for await (const batch of entries) {
      for (const { logicalKey, hash, size } of batch) {
        if (unread.has(logicalKey)) continue
        signal?.throwIfAborted()
        if (running.length >= concurrency) yield* await oldest()
        const reading = files
          .hasHash(logicalKey, hash, size)
          .then((has): FileDifference | undefined => (has ? undefined : { kind: 'hash', logicalKey }))
        // Its failure is heard when its turn comes; until then Node must not take it for unheard.
        reading.catch(() => undefined)
        running.push(reading)
      }
    }
    while (running.length > 0) yield* await oldest()
  } finally {
    // Left early or failed: nothing reads on behind the caller's back.
    await Promise.allSettled(running)
  }
}
