import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** What the code block of one language says. */
function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readme)?.[1] ?? ''
}

it('prints, when the example of the README runs, what the README says', () => {
  const bundle = buildSync({
    stdin: { contents: block('ts'), loader: 'ts', resolveDir: import.meta.dirname },
    conditions: ['quilt-mcp-source'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  const program = bundle.outputFiles[0]?.text
  expect(execFileSync(process.execPath, ['--input-type=module'], { input: program ?? '', encoding: 'utf8' })).toBe(
    block('text'),
  )
})
