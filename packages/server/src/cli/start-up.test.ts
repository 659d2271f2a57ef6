import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type BuiltCommand, builtCommand } from './test/built-command.js'

const metafileSchema = z.object({
  outputs: z.record(
    z.string(),
    z.object({
      entryPoint: z.string().optional(),
      bytes: z.number(),
      imports: z.array(z.object({ path: z.string(), kind: z.string() })),
      inputs: z.record(z.string(), z.unknown()),
    }),
  ),
})
type Outputs = z.infer<typeof metafileSchema>['outputs']

let command: BuiltCommand
let outputs: Outputs
beforeAll(async () => {
  command = await builtCommand()
  outputs = metafileSchema.parse(JSON.parse(await readFile(join(command.folder, 'metafile.json'), 'utf8'))).outputs
})
afterAll(() => command.remove())

/** The output made for a source file. */
const outputOf = (source: string): string => {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(source))
  if (!found) throw new Error(`${source} is not bundled`)
  return found[0]
}

/** Everything that is loaded with an output, without waiting to be asked. */
function loadedWith(path: string, loaded = new Set<string>()): Set<string> {
  const output = outputs[path]
  if (!output || loaded.has(path)) return loaded
  loaded.add(path)
  for (const { path: next, kind } of output.imports) if (kind !== 'dynamic-import') loadedWith(next, loaded)
  return loaded
}

const inputsOf = (paths: Iterable<string>): string[] =>
  [...paths].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))

describe('a start on stdio', () => {
  const start = () =>
    new Set([
      ...loadedWith(outputOf('cli/main.ts')),
      ...loadedWith(outputOf('cli/start.ts')),
      ...loadedWith(outputOf('cli/flags.ts')),
    ])

  it.each([
    '@aws-sdk',
    '@smithy',
    'undici',
    'graphql',
    'libsql',
    'hono',
    '@modelcontextprotocol/client',
    'pino',
    'packages/backends/',
    'packages/stack/',
    'packages/server/src/tools/',
    'ajv',
  ])('is answered without %s', (heavy) => {
    expect(inputsOf(start()).filter((input) => input.includes(heavy))).toEqual([])
  })

  it('loads less than 1 MB of code', () => {
    const bytes = [...start()].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0)
    expect(bytes).toBeLessThan(1_000_000)
  })
})

it('prints its help and version without the server', () => {
  const inputs = inputsOf(loadedWith(outputOf('cli/main.ts')))
  expect(inputs.filter((input) => /node_modules/.test(input))).toEqual([])
})

it('needs nothing but Node outside of the bundle, except what is native or data', () => {
  const outside = Object.values(outputs).flatMap(({ imports }) =>
    imports.map(({ path }) => path).filter((path) => !(path in outputs)),
  )
  expect([...new Set(outside)].filter((path) => !path.startsWith('node:') && !isNodeModule(path)).sort()).toEqual([
    'libsql',
  ])
})

const isNodeModule = (name: string): boolean => process.getBuiltinModule(name) !== undefined
