// Lists all keys below a prefix at several places at once. It begins as one range; whenever a request could be made beside those under
// way, a range that has proved long is cut in two at a key where more may lie. Where a range is cut decides how fast it goes, never
// what is found: each range drops what lies behind its end.
import { setMaxListeners } from 'node:events'
import { compareCodePoints } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import { createCutPlaces } from './key-cuts.js'
import type { ObjectListItem } from './port.js'

/** The keys that follow a place, in the order of their UTF-8 bytes. */
export interface KeyPage {
  readonly items: readonly ObjectListItem[]
  /** Whether nothing follows the page. */
  readonly isLast: boolean
}

export interface KeyShardsOptions extends CallOptions {
  readonly prefix: string
  /** Requests at a time. Default 16. */
  readonly width?: number
  /** @param after absent: from the start */
  page(after: string | undefined, signal: AbortSignal): Promise<KeyPage>
}

interface Range {
  /** The last key that came, or the place behind which the range begins. */
  after: string | undefined
  /** The last key that is the range's own. Absent: to the end. */
  until: string | undefined
  /** Whether a full page came since it was last cut. */
  isLong: boolean
}

type Answer = { readonly range: Range; readonly page: KeyPage } | { readonly range: Range; readonly error: unknown }

/** Cuts that may lead nowhere, beside one in four pages. */
const cutsInVain = 8

/** Each key once, in batches; at most `width` pages are held. */
export async function* listInShards({
  prefix,
  width = 16,
  page,
  signal,
  onProgress,
}: KeyShardsOptions): AsyncGenerator<readonly ObjectListItem[], void, undefined> {
  const closing = new AbortController()
  const ending = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
  // Every request listens to it.
  setMaxListeners(0, ending)
  const cuts = createCutPlaces(prefix)
  const underWay = new Map<Range, Promise<Answer>>()
  const ask = (range: Range): void => {
    const answer = page(range.after, ending).then(
      (found): Answer => ({ range, page: found }),
      (error: unknown): Answer => ({ range, error }),
    )
    underWay.set(range, answer)
  }
  let pages = 0
  let inVain = 0
  let done = 0

  const cutLongRanges = (): void => {
    for (const range of [...underWay.keys()]) {
      if (underWay.size >= width || inVain > cutsInVain + pages / 4) return
      const place = range.isLong ? cuts.between(range.after ?? '', range.until) : undefined
      if (place === undefined) continue
      const behind = { after: place, until: range.until, isLong: false }
      range.until = place
      range.isLong = false
      ask(behind)
    }
  }

  try {
    ask({ after: undefined, until: undefined, isLong: false })
    while (underWay.size > 0) {
      const answer = await Promise.race(underWay.values())
      const { range } = answer
      underWay.delete(range)
      if ('error' in answer) throw answer.error
      const { items, isLast } = answer.page
      const own = upTo(items, range.until)
      const last = own.at(-1)
      pages += 1
      if (last === undefined) inVain += 1
      cuts.learn(own)
      if (last !== undefined && !isLast && own.length === items.length && last.key !== range.until) {
        range.after = last.key
        range.isLong = true
        ask(range)
      }
      cutLongRanges()
      if (own.length === 0) continue
      done += own.length
      onProgress?.({ done, message: 'Listing' })
      yield own
    }
  } finally {
    closing.abort()
    await Promise.all(underWay.values())
  }
}

/** The items whose keys are not behind the end. */
function upTo(items: readonly ObjectListItem[], until: string | undefined): readonly ObjectListItem[] {
  const last = items.at(-1)
  if (until === undefined || last === undefined || compareCodePoints(last.key, until) <= 0) return items
  return items.slice(
    0,
    items.findIndex(({ key }) => compareCodePoints(key, until) > 0),
  )
}
