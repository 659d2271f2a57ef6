// A value of user metadata in plain words.
import type { Saying } from './natural-saying.js'
import { saying } from './natural-words.js'
import { escapeWord } from './pattern.js'

/** `with metadata tissue = liver`: one word, with nothing behind it that could belong to it. */
export const metadataSayings: readonly Saying[] = [
  {
    pattern: saying(
      String.raw`(?:with|where|whose) (?:the )?(?:user )?(?:metadata|meta) ([\p{L}_][\p{L}\p{N}_./-]{0,100})\s?==?\s?([\p{L}\p{N}_.-]{1,100})`,
    ),
    filterOf: ([, path = '', value = ''], { after }) =>
      after === '' || after === 'and' ? `meta.${path}:${escapeWord(value)}` : undefined,
  },
]
