// docs/security.md names tests: each is there, under the title that is quoted. And every flag that a page for operators names is a setting.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
const page = textOf('docs/security.md')

/** `- `path` "title"`, a test a line. */
const named = [...page.matchAll(/^- `([^`]+)` "(.+)"$/gm)].map(([, path = '', title = '']) => ({ path, title }))

describe('docs/security.md', () => {
  it('names a test in every line that begins like one, and for every threat', () => {
    expect(named).toHaveLength(page.match(/^- `/gm)?.length ?? 0)
    const [, threats = ''] = page.split('## Threats')
    const sections = (threats.split('\n## ')[0] ?? '').split('\n### ').slice(1)
    expect(sections.length).toBeGreaterThan(12)
    expect(sections.filter((section) => !/^- `/m.test(section))).toEqual([])
  })

  it.each(named)('names a test that there is: $title', ({ path, title }) => {
    expect(path).toMatch(/\.test\.ts$/)
    expect(textOf(path)).toContain(title)
  })

  it('names files that there are', () => {
    const files = [...page.matchAll(/`(backends: )?([a-z-]+\/[\w/.-]+\.ts)`/g)]
      .filter(([, , path = '']) => !/^(?:packages|e2e|rules)\//.test(path))
      .map(([, backends, path = '']) => `packages/${backends === undefined ? 'server' : 'backends'}/src/${path}`)
    expect(files.length).toBeGreaterThan(15)
    for (const file of files) expect(() => textOf(file)).not.toThrow()
  })
})

const settings = textOf('docs/reference/settings.md')

it.each([
  'docs/security.md',
  'docs/guides/serving-many.md',
  'docs/decisions/0010-principals-and-tenants.md',
])('%s names only flags and variables that the reference has', (path) => {
  const words = [...textOf(path).matchAll(/(?<![\w-])--[a-z][a-z0-9-]+|\bQUILT_[A-Z0-9_]+/g)].map(([word]) => word)
  const known = new Set(settings.match(/--[a-z][a-z0-9-]+|\bQUILT_[A-Z0-9_]+/g))
  // Of `demo` and `call`.
  const others = ['--data-dir', '--json', '--url']
  expect(words.filter((word) => !known.has(word) && !others.includes(word))).toEqual([])
})
