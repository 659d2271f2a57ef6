import { type Entry, emptyJsonObject, QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { type LayoutRequest, layOut } from './layout.js'
import { createProblems } from './problems.js'

const entry = (logicalKey: string): Entry => ({
  logicalKey,
  physicalKey: `s3://lab/${logicalKey}?versionId=1`,
  size: 1,
  hash: { type: 'sha2-256-chunked', value: logicalKey },
  meta: emptyJsonObject,
})
const current = ['README.md', 'data/a.csv', 'data/b.csv', 'data-1/x'].map(entry)

function laidOut(change: Partial<LayoutRequest>) {
  const problems = createProblems()
  const layout = layOut({ current, remove: [], rename: {}, add: [], ...change }, problems)
  problems.throwIfAny()
  return { kept: layout.kept.map(({ logicalKey }) => logicalKey), changes: layout.changes }
}
function problemsOf(change: Partial<LayoutRequest>): string {
  try {
    laidOut(change)
  } catch (error) {
    if (error instanceof QuiltError) return error.message
    throw error
  }
  throw new Error('there were no problems')
}

describe('layOut', () => {
  it('keeps every entry it was not asked to change, the very same', () => {
    const problems = createProblems()
    expect(layOut({ current, remove: ['README.md'], rename: {}, add: [] }, problems).kept).toEqual(current.slice(1))
  })

  it('removes files, and directories that are written with a slash', () => {
    expect(laidOut({ remove: ['data/'] })).toEqual({
      kept: ['README.md', 'data-1/x'],
      changes: [
        { change: 'removed', path: 'data/a.csv' },
        { change: 'removed', path: 'data/b.csv' },
      ],
    })
  })

  it('renames a directory with all that is in it', () => {
    expect(laidOut({ rename: { 'data/': 'old/data/' } }).kept).toEqual([
      'README.md',
      'old/data/a.csv',
      'old/data/b.csv',
      'data-1/x',
    ])
  })

  it('swaps two files', () => {
    expect(laidOut({ rename: { 'data/a.csv': 'data/b.csv', 'data/b.csv': 'data/a.csv' } }).changes).toEqual([
      { change: 'renamed', path: 'data/a.csv', from: 'data/b.csv' },
      { change: 'renamed', path: 'data/b.csv', from: 'data/a.csv' },
    ])
  })

  it('tells adding from replacing', () => {
    expect(laidOut({ add: ['README.md', 'new.txt'] })).toEqual({
      kept: ['data/a.csv', 'data/b.csv', 'data-1/x'],
      changes: [
        { change: 'replaced', path: 'README.md' },
        { change: 'added', path: 'new.txt' },
      ],
    })
  })

  it('names all that is wrong at once', () => {
    const message = problemsOf({
      remove: ['data', 'REDME.md'],
      rename: { 'data/a.csv': 'README.md', 'data-1/': 'elsewhere' },
      add: ['data/b.csv/c'],
    })
    expect(message).toContain('data: is not in the package: it is a directory, write data/')
    expect(message).toContain('REDME.md: is not in the package; did you mean README.md?')
    expect(message).toContain('README.md: would be the path of two files')
    expect(message).toContain('data-1/: cannot become elsewhere')
    expect(message).toContain('data/b.csv: would be a file and, because of data/b.csv/c, a directory')
  })

  it('refuses a new path that no package may have', () => {
    expect(problemsOf({ rename: { 'README.md': '../README.md' } })).toContain('is not a path of a file in a package')
  })
})
