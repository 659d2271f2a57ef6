// The words of many keys, most of which share their folders with the one before.
import { searchWords } from '@quilt-mcp/core'

export interface KeyWords {
  /** Words of a key's folders and of its last part. */
  of(key: string): { readonly folders: string; readonly base: string }
}

/** @param say hears each word at least once */
export function wordsOfKeys(say: (words: readonly string[]) => void): KeyWords {
  let folder: string | undefined
  let folders = ''
  return {
    of(key) {
      const end = key.lastIndexOf('/') + 1
      if (key.slice(0, end) !== folder) {
        folder = key.slice(0, end)
        const words = searchWords(folder)
        say(words)
        folders = words.join(' ')
      }
      const base = searchWords(key.slice(end))
      say(base)
      return { folders, base: base.join(' ') }
    },
  }
}

/** So many different words are gathered: a row of them is added to the full text index in some milliseconds. */
const wordsInRow = 4_096

/** Gathers different words and writes them, joined by blanks, in rows that are not too long. */
export function distinctWords(write: (words: string) => void) {
  const gathered = new Set<string>()
  const end = (): void => {
    if (gathered.size > 0) write([...gathered].join(' '))
    gathered.clear()
  }
  return {
    add(words: readonly string[]): void {
      for (const word of words) gathered.add(word)
      if (gathered.size >= wordsInRow) end()
    },
    /** Writes what is left. */
    end,
  }
}
