// What the registry has listed to this process. The index on disk may be from a time when the caller could see more: nothing of it is shown before
// the same list has come once with the caller's rights of now.
import type { Indexing } from '@quilt-mcp/core'
import type { IndexState, RegistrySource, SourceOptions } from '@quilt-mcp/search-index'

/** What of a bucket a search looks at. */
export type Searched = Indexing['of']

/** Of one bucket, for as long as its backend is open: an index that is closed and opened again need not be listed anew. */
export interface OwnLists {
  /** Whether the list has come. */
  has(searched: Searched): boolean
  /** Whether the index is reading it. */
  isComing(searched: Searched): boolean
  /** It was refused: it has to come again. */
  forget(searched: Searched): void
  /** The source for an index, with its lists noticed.
   * @param stateOf how far the index has come; asked while no other process builds it */
  watched(stateOf: () => IndexState): RegistrySource
  /** Lists without the index. @throws what the source throws */
  ask(searched: Searched, options: SourceOptions): Promise<void>
}

/** None has come yet. */
export function ownLists(source: RegistrySource): OwnLists {
  const come = new Set<Searched>()
  const coming = new Set<Searched>()

  async function* noticed<T>(searched: Searched, list: AsyncIterable<T>): AsyncGenerator<T> {
    coming.add(searched)
    try {
      yield* list
      come.add(searched)
    } finally {
      coming.delete(searched)
    }
  }
  return {
    has: (searched) => come.has(searched),
    isComing: (searched) => coming.has(searched),
    forget: (searched) => void come.delete(searched),
    watched: (stateOf) => ({
      ...source,
      pointers: (options) => noticed('packages', source.pointers(options)),
      async *objects(options) {
        // Objects are seen as they are listed: in an index without any, all are of this list.
        if (hasNoObjects(stateOf())) come.add('objects')
        yield* noticed('objects', source.objects(options))
      },
    }),
    async ask(searched, options) {
      for await (const _ of searched === 'objects' ? source.objects(options) : source.pointers(options)) {
        options.signal?.throwIfAborted()
      }
      come.add(searched)
    },
  }
}

const hasNoObjects = ({ objects, objectsAtMs }: IndexState): boolean => objectsAtMs === undefined && objects?.done === 0
