import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'

/** Files below a folder with the files they import by a relative path. */
function importsOf(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.ts'))
    .map((file) => join(file.parentPath, file.name))
  return new Map(
    files.map((file) => [
      file,
      [...readFileSync(file, 'utf8').matchAll(/ from '(\.[^']+)\.js'/g)].map(([, path]) =>
        join(dirname(file), `${path}.ts`),
      ),
    ]),
  )
}

/** The first circle found: its files in order, the first one again at the end. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>()
  const walk = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const next of imports.get(file) ?? []) {
      const circle = walk(next, [...path, file])
      if (circle !== undefined) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of imports.keys()) {
    const circle = walk(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

it.each([
  'core',
  'search-index',
  'backends',
  'stack',
  'server',
])('no files of %s import each other in a circle', (name) => {
  const folder = join(import.meta.dirname, '../packages', name, 'src')
  const imports = importsOf(folder)
  expect(imports.size).toBeGreaterThan(50)
  expect(findCircle(imports)?.map((file) => relative(folder, file))).toBeUndefined()
})
