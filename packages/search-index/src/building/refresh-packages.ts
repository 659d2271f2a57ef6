// Brings the packages of an index up to date: what is latest first, then what was.
import { QuiltError } from '@quilt-mcp/core'
import { facts } from '../facts.js'
import type { ListedPointer, RegistrySource, SourceOptions } from '../source.js'
import type { Db } from '../sqlite.js'
import { breathing } from './breath.js'
import { entryTables } from './entry-tables.js'
import { type PointerChanges, pointerChanges } from './pointer-changes.js'
import { pointerTables, type ReadPointer } from './pointer-tables.js'
import { readAhead } from './read-ahead.js'
import { type CountedRevision, countRevision, type OpenRevision, openRevision } from './read-revision.js'
import { revisionTables } from './revision-tables.js'
import { rowBuffers } from './row-buffers.js'
import { transactions } from './transactions.js'

export interface RefreshContext {
  /** To write through. */
  readonly db: Db
  readonly source: RegistrySource
  readonly now: () => number
  readonly options: SourceOptions
  /** Called after what was written can be seen. */
  readonly onProgress: () => void
}

/** Packages whose manifests are read at the same time. */
const packagesAtOnce = 8
const pointersAtOnce = 16
/** So many of a package's newest pointers are read with `latest`, for the time of its revision. */
const newestPointers = 3

/** What was read of a package whose `latest` has changed. */
interface LatestRead {
  readonly latest: ListedPointer
  /** Undefined: the pointer is gone. */
  readonly topHash?: string | undefined
  /** Further pointers to the same revision. */
  readonly same: readonly ReadPointer[]
  /** Absent: its files are in the index. */
  readonly revision?: OpenRevision
  /** Why it could not be read. */
  readonly failure?: string
}

interface OlderRead {
  readonly pointer: ListedPointer
  readonly topHash?: string | undefined
  readonly revision?: CountedRevision
  readonly failure?: string
}

/** @throws what listing throws; `unauthenticated`; errors of SQLite. What was committed stays. */
export async function refreshPackages({ db, source, now, options, onProgress }: RefreshContext): Promise<void> {
  const startedMs = now()
  const breathe = breathing()
  const rows = rowBuffers(db)
  const revisions = revisionTables(
    db,
    rows,
    entryTables(db, rows, () => breathe(options.signal)),
  )
  const pointers = pointerTables(db, revisions)
  const changes = pointerChanges(db)
  const transaction = transactions(db, rows)
  const fact = facts(db)
  await changes.list(source, options)

  const write = async (work: () => Promise<void>, more: { readonly isAtHand: boolean }): Promise<void> => {
    transaction.begin()
    await work()
    await breathe(options.signal)
    if (more.isAtHand && !transaction.isOld()) return
    transaction.commit()
    onProgress()
  }

  try {
    await removeGone()
    await addLatest()
    await addOlder()
    transaction.begin()
    pointers.tidy()
    transaction.commit()
  } catch (error) {
    transaction.rollback()
    throw error
  }
  db.exec('delete from listed')

  async function removeGone(): Promise<void> {
    for (const pointer of changes.gone()) await write(() => pointers.remove(pointer), { isAtHand: true })
    transaction.begin()
    pointers.tidy()
    transaction.commit()
  }

  async function addLatest(): Promise<void> {
    const names = changes.latest()
    const total = changes.packages()
    let done = total - names.length
    const note = (): void => fact.set('packages', `${done} ${total}`)
    if (names.length > 0) note()
    const reads = readAhead(names, (name) => readLatest(name), {
      width: packagesAtOnce,
      leave: async ({ revision }) => revision?.close(),
    })
    for await (const { result, nextIsReady } of reads) {
      done += 1
      const isLong = result.revision?.isLong === true
      if (isLong) transaction.commit()
      const isAtHand = nextIsReady && !isLong
      try {
        await write(
          async () => {
            await applyLatest(result)
            note()
          },
          { isAtHand },
        )
      } catch (error) {
        // Small manifests are whole before they are written: only a long one fails in the middle.
        const why = isLong ? whyUnreadable(error) : undefined
        if (why === undefined) throw error
        transaction.rollback()
        await write(() => pointers.miss(result.latest, why), { isAtHand: false })
      } finally {
        await result.revision?.close()
      }
    }
    transaction.begin()
    fact.set('packagesAtMs', startedMs)
    fact.remove('packages')
    transaction.commit()
    onProgress()
  }

  /** What is read, or why it could not be. */
  async function attempt<T extends object>(read: () => Promise<T>): Promise<T | { readonly failure: string }> {
    try {
      return await read()
    } catch (error) {
      const failure = whyUnreadable(error)
      if (failure === undefined) throw error
      return { failure }
    }
  }

  /** Undefined: not this revision alone is the matter, and the refresh ends. */
  function whyUnreadable(error: unknown): string | undefined {
    const isOfThis = error instanceof QuiltError && error.code !== 'unauthenticated' && options.signal?.aborted !== true
    return isOfThis ? error.message : undefined
  }

  async function applyLatest({ latest, topHash, same, revision, failure }: LatestRead): Promise<void> {
    if (failure !== undefined) return pointers.miss(latest, failure)
    if (topHash === undefined) return pointers.remove(latest)
    const { name } = latest
    if (revision !== undefined) {
      await revisions.addWithFiles({ packageId: revisions.packageId(name), name, topHash }, revision)
    }
    await pointers.point({ ...latest, topHash })
    for (const pointer of same) await pointers.point(pointer)
  }

  async function readLatest(name: string): Promise<LatestRead> {
    const listed = changes.of(name)
    const latest = listed.find(({ pointer }) => pointer === 'latest')
    if (latest === undefined) throw new TypeError(`latest of ${name} is not in the list`)
    const read = await attempt(async () => {
      const topHash = await source.topHash(name, 'latest', options)
      if (topHash === undefined) return { latest, topHash, same: [] }
      const same = await newestTo(topHash, listed)
      if (revisions.findOf(name, topHash)?.isLatest === true) return { latest, topHash, same }
      return { latest, topHash, same, revision: await openRevision(source, topHash, options) }
    })
    return 'failure' in read ? { latest, same: [], failure: read.failure } : read
  }

  /** The newest pointer by time that names a revision: what it was last written at. */
  async function newestTo(topHash: string, listed: readonly ListedPointer[]): Promise<readonly ReadPointer[]> {
    const times = listed.filter(({ pointer }) => /^\d+$/.test(pointer)).toSorted((a, b) => timeOf(b) - timeOf(a))
    for (const pointer of times.slice(0, newestPointers)) {
      const known = pointers.known(pointer) ?? (await source.topHash(pointer.name, pointer.pointer, options))
      if (known === topHash) return [{ ...pointer, topHash }]
    }
    return []
  }

  async function addOlder(): Promise<void> {
    let toCome = changes.countOlder()
    if (toCome > 0) fact.set('revisionsToCome', toCome)
    const reads = readAhead(olderPointers(changes), (pointer) => readOlder(pointer), { width: pointersAtOnce })
    for await (const { result, nextIsReady } of reads) {
      toCome -= 1
      await write(
        async () => {
          await applyOlder(result)
          fact.set('revisionsToCome', toCome)
        },
        { isAtHand: nextIsReady },
      )
    }
    transaction.begin()
    fact.remove('revisionsToCome')
    transaction.commit()
    onProgress()
  }

  async function readOlder(pointer: ListedPointer): Promise<OlderRead> {
    const { name } = pointer
    const read = await attempt(async () => {
      const topHash = await source.topHash(name, pointer.pointer, options)
      if (topHash === undefined || revisions.findOf(name, topHash) !== undefined) {
        return { pointer, topHash }
      }
      return { pointer, topHash, revision: await countRevision(source, topHash, options) }
    })
    return 'failure' in read ? { pointer, failure: read.failure } : read
  }

  async function applyOlder({ pointer, topHash, revision, failure }: OlderRead): Promise<void> {
    if (failure !== undefined) return pointers.miss(pointer, failure)
    if (topHash === undefined) return pointers.remove(pointer)
    const { name } = pointer
    const packageId = revisions.packageId(name)
    if (revisions.find(packageId, topHash) === undefined) {
      // It was there when its pointer was read, and has gone with another one.
      if (revision === undefined) return applyOlder(await readOlder(pointer))
      revisions.addCounted({ packageId, name, topHash }, revision)
    }
    await pointers.point({ ...pointer, topHash })
  }
}

const timeOf = ({ pointer }: ListedPointer): number => Number(pointer)

/** All that are not as they are in the index, a page at a time. */
function* olderPointers(changes: PointerChanges): Generator<ListedPointer> {
  let place = { name: '', pointer: '' }
  for (;;) {
    const page = changes.olderAfter(place, 1_000)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    place = last
  }
}
