// What a query says is a value, never SQL and never the full text index's syntax.
import { parseQuery, QuiltError, type SearchScope } from '@quilt-mcp/core'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { filledIndex } from '../test/filled-index.js'
import { searchIndexes } from './search-indexes.js'

const index = filledIndex({
  bucket: 'lab-data',
  revisions: [{ name: 'lab/plate', hash: 'ab'.repeat(32), isLatest: true, files: [{ key: "raw/it's.csv", size: 3 }] }],
  objects: [{ key: 'raw/"a" OR b.csv', size: 1, modifiedMs: 0 }],
})
afterAll(() => index.close())

const scopes: readonly SearchScope[] = ['packages', 'entries', 'objects']

/** What is found, or the code of the refusal. Anything else that is thrown fails the test. */
async function answer(text: string, scope: SearchScope): Promise<number | string> {
  try {
    const { total } = await searchIndexes([index], { scope, query: parseQuery(text), limit: 5 }, { nowMs: 0 })
    return total ?? 'unknown'
  } catch (error) {
    if (error instanceof QuiltError) return error.code
    throw error
  }
}

describe('a hostile query', () => {
  it.each([
    `"'; drop table entry; --"`,
    'key:"x\') or 1=1 --"',
    'NEAR\\(a b\\)',
    '"a" "*" "^raw"',
    'key:"^ raw"',
    'meta."/a\') union select value from fact --":x',
    "ext:\"csv' or '1'='1\"",
    'name:\\%\\_*',
    'key:[[]*',
    'bucket:"\') or 1 --"',
  ])('finds nothing that it does not name: %s', async (text) => {
    const found = await Promise.all(scopes.map((scope) => answer(text, scope)))
    for (const one of found) expect([0, 'invalid_input']).toContain(one)
  })

  it('is found as the text that it is', async () => {
    expect(await answer(`key:"raw/it's.csv"`, 'entries')).toBe(1)
    expect(await answer('key:"raw/\\"a\\" OR b.csv"', 'objects')).toBe(1)
    expect(await answer('key:*\\"a\\"*', 'objects')).toBe(1)
  })

  it('of any characters is answered, or refused as invalid', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '"',
        "'",
        '*',
        '?',
        '(',
        ')',
        ' AND ',
        ' OR ',
        ' NOT ',
        'NEAR',
        '^',
        '+',
        ';',
        '--',
        '\\',
        '\0',
        '[',
        ']',
        '{',
        '}',
      ),
      fc.constantFrom(
        'key:',
        'meta./a:',
        'name:',
        'ext:',
        'size:>',
        'comment:',
        'content:',
        'raw',
        '[1 TO 2]',
        '%',
        '_',
        ':',
      ),
    )
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    const before = tables()
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...scopes), async (said, scope) => {
        const found = await answer(said, scope)
        expect(typeof found === 'number' || found === 'invalid_input', String(found)).toBe(true)
      }),
      { numRuns: 50_000 },
    )
    expect(tables()).toEqual(before)
  }, 300_000)

  const tables = (): readonly unknown[] =>
    index.db
      .prepare('select name, (select count(*) from entry), (select count(*) from object) from sqlite_master')
      .raw()
      .all()
})
