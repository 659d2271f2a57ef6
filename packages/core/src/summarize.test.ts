import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatSummarize, parseSummarize, type SummarizeFile, summarizeTypeNames } from './summarize.js'

const everything = `[
  "a.csv",
  ["b.json", {"path": "s3://lab/c.png", "title": "C", "width": "30%"}],
  {"path": "d.csv", "description": "*D*", "expand": true, "width": 1.5, "types": [{"name": "perspective", "style": {"height": "1000px"}, "config": {"columns": [1.0]}, "settings": true}, "text"], "from the future": [12345678901234567890]}
]
`

describe('quilt_summarize.json', () => {
  it('is read as rows of files', async () => {
    expect(await parseSummarize(everything)).toMatchObject([
      [{ path: 'a.csv' }],
      [{ path: 'b.json' }, { path: 's3://lab/c.png', title: 'C', width: '30%' }],
      [
        {
          ...{ path: 'd.csv', description: '*D*', expand: true, width: 1.5 },
          types: [{ name: 'perspective', height: '1000px', settings: true }, { name: 'text' }],
        },
      ],
    ])
  })

  it('is written as it was read', async () => {
    expect(await formatSummarize(await parseSummarize(everything))).toBe(everything)
    expect(await formatSummarize([])).toBe('[]\n')
  })

  it('keeps what a newer catalog may have added, and does not write it anew', async () => {
    const rows = await parseSummarize('[{"path": "a", "width": "3em", "types": ["hologram"]}]')
    expect(rows).toEqual([[{ path: 'a', width: '3em', types: [{ name: 'hologram' }] }]])
    await expect(formatSummarize(rows)).rejects.toMatchObject({
      details: {
        failures: [
          { path: '/0/width', rule: 'pattern' },
          { path: '/0/types/0', rule: 'enum' },
        ],
      },
    })
  })

  it.each([
    ['an object', '{}', 'the value must be of type array; it is an object'],
    ['a row that is a number', '[1]', '/0 must be of type string or object or array; it is number 1'],
    ['a row in a row', '[["a", ["b"]]]', '/0/1 must be of type string or object; it is an array'],
    ['a file without path', '[{"title": "A"}]', '/0 must have "path"'],
    ['a file with an empty path', '[""]', /^\/0 must NOT have fewer than 1/],
    ['a type without name', '[{"path": "a", "types": [{}]}]', '/0/types/0 must have "name"'],
    ['expand in quotes', '[{"path": "a", "expand": "true"}]', /^\/0\/expand must be of type boolean/],
  ])('is refused: %s', async (_, text, message) => {
    const failure = typeof message === 'string' ? message : expect.stringMatching(message)
    await expect(parseSummarize(text)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { failures: expect.arrayContaining([expect.objectContaining({ message: failure })]) },
    })
  })

  it('comes back from its text, whatever it says', async () => {
    const file = fc
      .record(
        {
          path: fc.string({ unit: 'grapheme', minLength: 1 }),
          title: fc.string({ unit: 'grapheme' }),
          expand: fc.boolean(),
          width: fc.oneof(fc.constantFrom('200px', '30%'), fc.double({ min: 0.1, max: 9, noNaN: true })),
          types: fc.array(
            fc.constantFrom(...summarizeTypeNames).map((name) => ({ name })),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: ['path'] },
      )
      .map((value): SummarizeFile => value)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(file, { maxLength: 3 }), { maxLength: 3 }), async (rows) => {
        expect(await parseSummarize(await formatSummarize(rows))).toEqual(rows)
      }),
      { numRuns: 20 },
    )
  })
})
