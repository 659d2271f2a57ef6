import { describe, expect, it } from 'vitest'
import { type ChangeRequest, changeRules } from './change-rules.js'
import { createProblems } from './problems.js'

const keys = ['README.md', 'data/a.csv', 'data/b.tmp', 'data/deep/c.tmp', 'data-1/x', 'odd{a,b}']

function changed(request: Partial<ChangeRequest>) {
  const problems = createProblems()
  const rules = changeRules({ remove: [], rename: {}, ...request }, problems)
  problems.throwIfAny()
  const fates = keys.flatMap((key) => {
    const fate = rules.fateOf(key)
    return fate.kind === 'stays' ? [] : [[key, fate.kind === 'moves' ? fate.to : 'goes']]
  })
  return { fates: Object.fromEntries(fates), unused: rules.unused() }
}

describe('the rules of a change', () => {
  it.each([
    [['README.md'], ['README.md']],
    [['data/'], ['data/a.csv', 'data/b.tmp', 'data/deep/c.tmp']],
    [['**/*.tmp'], ['data/b.tmp', 'data/deep/c.tmp']],
    [['data/*'], ['data/a.csv', 'data/b.tmp']],
    [
      ['data/{a,b}.*', 'README.md'],
      ['README.md', 'data/a.csv', 'data/b.tmp'],
    ],
    [['odd{a,b}'], ['odd{a,b}']],
  ])('remove %j', (remove, gone) => {
    expect(changed({ remove })).toEqual({ fates: Object.fromEntries(gone.map((key) => [key, 'goes'])), unused: [] })
  })

  it('move files and directories', () => {
    const rename = { 'README.md': 'docs/README.md', 'data/': 'raw/' }
    expect(changed({ rename, remove: ['**/*.tmp'] })).toEqual({
      fates: {
        'README.md': 'docs/README.md',
        'data/a.csv': 'raw/a.csv',
        'data/b.tmp': 'goes',
        'data/deep/c.tmp': 'goes',
      },
      unused: [],
    })
  })

  it('know what no file has', () => {
    expect(changed({ remove: ['data', 'none/', '*.tmp', 'README.md'], rename: { x: 'y' } }).unused).toEqual([
      'data',
      'none/',
      '*.tmp',
      'x',
    ])
  })

  it.each([
    [{ rename: { 'data/': 'raw' } }, 'cannot become raw'],
    [{ rename: { 'README.md': '../up' } }, 'is not a path of a file'],
    [{ rename: { 'data/': 'raw/', 'data/a.csv': 'a.csv' } }, 'data/a.csv: is renamed twice'],
    [{ remove: ['{a,b}'.repeat(10)] }, 'more than 1000 readings'],
  ])('refuse %j', (request, message) => {
    expect(() => changed(request)).toThrow(message)
  })

  it('move the metadata of directories along', () => {
    const rules = changeRules({ remove: [], rename: { 'data/': 'raw/' } }, createProblems())
    const meta = new Map()
    expect(
      rules.movedDirectories([
        { logicalKey: 'data/', meta },
        { logicalKey: 'data/deep/', meta },
        { logicalKey: 'data-1/', meta },
      ]),
    ).toEqual([
      { logicalKey: 'raw/', meta },
      { logicalKey: 'raw/deep/', meta },
      { logicalKey: 'data-1/', meta },
    ])
  })
})
