import { describe, expect, it } from 'vitest'
import { kindOf } from './file-kinds.js'
import { type PathRules, pathRule } from './package-paths.js'

const placed = (path: string, rules: Partial<PathRules>): string => pathRule({ keys: 'keep', ...rules })(path)

describe('the path of a file in the package', () => {
  it.each<[string, Partial<PathRules>, string]>([
    ['run/a.csv', {}, 'run/a.csv'],
    ['run/a.csv', { keys: 'flatten' }, 'a.csv'],
    ['run/a.csv', { strip: 'run' }, 'a.csv'],
    ['run/a.csv', { strip: '/run/' }, 'a.csv'],
    ['run-2/a.csv', { strip: 'run' }, 'run-2/a.csv'],
    ['run/a.csv', { organize: 'kind' }, 'data/run/a.csv'],
    ['run/a.csv', { organize: 'kind', keys: 'flatten' }, 'data/a.csv'],
    ['data/a.csv', { organize: 'kind' }, 'data/a.csv'],
    ['run/reads.fastq.gz', { organize: 'kind' }, 'data/run/reads.fastq.gz'],
    ['README.md', { organize: 'kind' }, 'README.md'],
    ['run/README.md', { organize: 'kind' }, 'docs/run/README.md'],
    ['run/a.csv', { organize: [{ match: '*.csv', to: 'tables' }] }, 'run/a.csv'],
    ['run/a.csv', { organize: [{ match: '**/*.csv', to: '/tables/' }] }, 'tables/run/a.csv'],
    [
      'run/a.csv',
      {
        strip: 'run',
        organize: [
          { match: 'run/*', to: 'first' },
          { match: '**', to: 'second' },
        ],
      },
      'first/a.csv',
    ],
    ['run/a.csv', { organize: [{ match: '**', to: '' }] }, 'run/a.csv'],
  ])('%s by %j is %s', (path, rules, expected) => expect(placed(path, rules)).toBe(expected))

  it.each(['a//b', '../up', 'a/./b'])('cannot begin with %j', (to) => {
    expect(() => placed('a', { organize: [{ match: '**', to }] })).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    )
  })
})

it.each([
  ['a.CSV', 'data'],
  ['a.vcf.bgz', 'data'],
  ['notes.txt', 'docs'],
  ['a/plot.png', 'images'],
  ['b.ipynb', 'notebooks'],
  ['script.py', 'code'],
  ['.gitignore', 'other'],
  ['Makefile', 'other'],
  ['folder.csv/none', 'other'],
])('%s is of the kind %s', (path, kind) => expect(kindOf(path)).toBe(kind))
