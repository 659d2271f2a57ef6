import { describe, expect, it } from 'vitest'
import { type FlagSpec, parseFlags } from './flags.js'

const spec: FlagSpec = {
  command: 'sample',
  flags: [
    { flag: '--url', value: 'url', description: 'Address.' },
    { flag: '--json', description: 'As JSON.' },
  ],
  settings: ['token', 'readOnly'],
}
const calling: FlagSpec = { ...spec, takesOthers: true }

describe('parseFlags', () => {
  it('tells words, own flags and settings apart', () => {
    const line = parseFlags(['word', '--url', 'http://x', '--json', '--token=qk_1', '--read-only', 'other'], spec)
    expect(line).toEqual({
      words: ['word', 'other'],
      flags: new Map([
        ['url', 'http://x'],
        ['json', 'true'],
      ]),
      settings: { token: 'qk_1', readOnly: 'true' },
      others: [],
    })
  })

  it.each([
    [['--jsn'], 'there is no flag --jsn', 'Did you mean --json?'],
    [['--zzzzz'], 'there is no flag --zzzzz', 'quilt-mcp sample --help lists the flags.'],
    [['--url'], '--url needs a value', 'quilt-mcp sample --help lists the flags.'],
    [['--port', '1'], 'there is no flag --port', 'quilt-mcp sample --help lists the flags.'],
  ])('refuses %j', (argv, message, hint) => {
    expect(() => parseFlags(argv, spec)).toThrow(expect.objectContaining({ code: 'invalid_input', message, hint }))
  })

  it("takes a tool's arguments as flags, where the command says so", () => {
    const line = parseFlags(['tool', '--bucket', 'b', '--limit=5', '--recursive', '--json', '--path', 'a b/c'], calling)
    expect(line.words).toEqual(['tool'])
    expect(line.others).toEqual([
      ['bucket', 'b'],
      ['limit', '5'],
      ['recursive', 'true'],
      ['path', 'a b/c'],
    ])
  })

  it('takes a value that begins with dashes after an equals sign', () => {
    expect(parseFlags(['tool', '--message=--x'], calling).others).toEqual([['message', '--x']])
  })
})
