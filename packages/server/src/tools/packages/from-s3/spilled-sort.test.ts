import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { compareLogicalKeys } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlannedFile, plannedFileFormat } from './planned-file.js'
import { spilledSort, temporaryFiles } from './spilled-sort.js'

const file = fc.record(
  {
    logicalKey: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    key: fc.string({ unit: 'grapheme' }),
    size: fc.nat(),
    modified: fc.constant('2026-11-21T00:00:00.000Z'),
    etag: fc.string({ minLength: 1 }),
    known: fc.record({
      physicalKey: fc.string(),
      hash: fc.record({ type: fc.constant('sha2-256-chunked'), value: fc.string() }),
    }),
  },
  { requiredKeys: ['logicalKey', 'key', 'size', 'modified'] },
)

describe('a sort that spills', () => {
  it('gives back every record as it was, in tree order, whatever memory holds, as often as it is asked', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(file, { maxLength: 5 })),
        fc.integer({ min: 1, max: 8 }),
        async (batches, mostHeld) => {
          const files = temporaryFiles()
          try {
            const sort = spilledSort<PlannedFile>({ files, format: plannedFileFormat, mostHeld })
            for (const batch of batches) await sort.add(batch)
            const expected = batches.flat().map(lineOf).sort()
            for (const _ of [1, 2]) {
              const found: PlannedFile[] = []
              for await (const batch of sort.sorted()) found.push(...batch)
              expect(found.map(lineOf).toSorted()).toEqual(expected)
              expect(
                found.every(
                  (one, at) => at === 0 || compareLogicalKeys(found[at - 1]?.logicalKey ?? '', one.logicalKey) <= 0,
                ),
              ).toBe(true)
            }
          } finally {
            await files.remove()
          }
        },
      ),
      { numRuns: 50 },
    ))

  it('leaves no file behind, and makes none for what memory holds', async () => {
    const files = temporaryFiles()
    const path = await files.next()
    expect(existsSync(dirname(path))).toBe(true)
    await files.remove()
    expect(existsSync(dirname(path))).toBe(false)
    await temporaryFiles().remove()
  })
})

it('a line that was cut off holds no record', async () => {
  const line = plannedFileFormat.line({ logicalKey: 'a', key: 'raw/a', size: 1, modified: 'now' })
  expect(plannedFileFormat.record(line.slice(0, -3))).toBeUndefined()
  expect(plannedFileFormat.record('null')).toBeUndefined()
})

const lineOf = (file: PlannedFile): string => plannedFileFormat.line(file)
