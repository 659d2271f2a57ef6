// What was found of the entries of a plan, one after the other, kept until they are completed: few bytes an entry, however many there are.
import { z } from 'zod'
import type { FoundEntry } from '../../objects/entry-facts.js'
import { createSpool } from './spool.js'

/** Kept in the order of the entries. */
export interface EntryRecords {
  /** @param found undefined: the entry is complete as it was planned, or its bytes come along */
  add(found: readonly (FoundEntry | undefined)[]): Promise<void>
  /** All of them, one a line of the store, in their order. */
  read(): AsyncGenerator<FoundEntry | undefined, void, undefined>
  close(): Promise<void>
}

const optional = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined)
const recordShape = z.tuple([z.string(), z.number(), optional, optional, optional, optional])

export function createEntryRecords(): EntryRecords {
  const spool = createSpool()
  return {
    async add(found) {
      await spool.write(Buffer.from(found.map((one) => `${one === undefined ? '' : textOf(one)}\n`).join('')))
    },
    async *read() {
      let rest = ''
      const decoder = new TextDecoder()
      for await (const chunk of spool.read()) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) yield line === '' ? undefined : foundIn(line)
      }
    },
    close: () => spool.close(),
  }
}

function textOf({ physicalKey, size, hash, etag, checksum }: FoundEntry): string {
  return JSON.stringify([physicalKey, size, hash?.type ?? null, hash?.value ?? null, etag ?? null, checksum ?? null])
}

function foundIn(line: string): FoundEntry {
  const [physicalKey, size, type, value, etag, checksum] = recordShape.parse(JSON.parse(line))
  return {
    physicalKey,
    size,
    ...(type !== undefined && value !== undefined && { hash: { type, value } }),
    ...(etag !== undefined && { etag }),
    ...(checksum !== undefined && { checksum }),
  }
}
