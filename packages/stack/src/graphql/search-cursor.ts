// Where a search goes on: what was asked and the place in the index, in one text that nobody has to keep. It gives no rights: what is behind
// it is searched with those of whoever shows it.
import { z } from 'zod'
import { InputRefused } from '../packages/failures.js'

/** A cursor of one kind of search. */
export interface CursorOf<Asked> {
  write(cursor: Asked): string
  /** @throws {InputRefused} when the text is no cursor of this kind */
  read(text: string): Asked
}

/** Cursors with this content; each kind has its own name. */
export function cursorOf<Asked>(name: string, content: z.ZodType<Asked>): CursorOf<Asked> {
  const schema = z.tuple([z.literal(name), content])
  return {
    write: (cursor) => Buffer.from(JSON.stringify([name, cursor])).toString('base64url'),
    read(text) {
      const parsed = schema.safeParse(jsonIn(Buffer.from(text, 'base64url').toString('utf8')))
      if (parsed.success) return parsed.data[1]
      throw invalidCursor()
    },
  }
}

/** What says that there is nothing behind a cursor. */
export const invalidCursor = (): InputRefused =>
  new InputRefused([
    { path: 'after', name: 'InvalidCursor', message: 'This is not the cursor of a page of this search.' },
  ])

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no cursor
  }
}
