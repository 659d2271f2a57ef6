import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { arrows } from './arrows.js'
import { houseRules } from './house.js'

/** The messages that linting `code` as the file `filePath` gives. */
async function complaints(filePath: string, code: string): Promise<readonly string[]> {
  const { default: tseslint } = await import('typescript-eslint')
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, ...arrows, ...houseRules],
  })
  const [result] = await eslint.lintText(code, { filePath })
  return (result?.messages ?? []).map((message) => message.message)
}

describe('arrows between the parts', () => {
  it.each([
    ['backends enters core', 'packages/backends/src/x.ts', "import { QuiltError } from '@quilt-mcp/core'"],
    ['server enters backends', 'packages/server/src/mcp/x.ts', "import type { Backend } from '@quilt-mcp/backends'"],
    [
      'the demo command enters the stack',
      'packages/server/src/cli/demo/x.ts',
      "import { startStack } from '@quilt-mcp/stack'",
    ],
    [
      'a test of backends enters the stack',
      'packages/backends/src/x.test.ts',
      "import { startStack } from '@quilt-mcp/stack'",
    ],
    ['core hashes', 'packages/core/src/x.ts', "import { createHash } from 'node:crypto'"],
  ])('%s: allowed', async (_, filePath, code) => {
    expect(await complaints(filePath, code)).toEqual([])
  })

  it.each([
    ['core to backends', 'packages/core/src/x.ts', "import '@quilt-mcp/backends'"],
    ['backends to server', 'packages/backends/src/x.ts', "import 'quilt-mcp'"],
    ['backends to stack', 'packages/backends/src/x.ts', "import '@quilt-mcp/stack'"],
    ['stack to backends', 'packages/stack/src/x.ts', "import '@quilt-mcp/backends'"],
    ['a tool to the stack', 'packages/server/src/tools/x.ts', "import '@quilt-mcp/stack'"],
    ['past a door', 'packages/server/src/mcp/x.ts', "import '@quilt-mcp/core/src/json.js'"],
    ['over the fence', 'packages/server/src/mcp/x.ts', "import '../../../packages/core/src/json.js'"],
    ['core to files', 'packages/core/src/x.ts', "import 'node:fs'"],
  ])('%s: refused', async (_, filePath, code) => {
    expect(await complaints(filePath, code)).toHaveLength(1)
  })
})

describe('house rules', () => {
  it('lets config read the environment, and nobody else', async () => {
    const code = 'export const home = process.env.HOME'
    expect(await complaints('packages/server/src/config/x.ts', code)).toEqual([])
    expect(await complaints('packages/server/src/tools/x.ts', code)).toHaveLength(1)
    expect(await complaints('packages/backends/src/x.ts', code)).toHaveLength(1)
  })

  it('keeps stdout for the protocol', async () => {
    const code = "process.stdout.write('hello')"
    expect(await complaints('packages/server/src/cli/x.ts', code)).toEqual([])
    expect(await complaints('packages/server/src/mcp/x.ts', code)).toHaveLength(1)
  })

  it('lets the command line choose a backend of this machine, and no server for many', async () => {
    const names = [
      'selectBackend',
      'iamBackend',
      'sessionBackend',
      'localBackend',
      'findAwsCredentials',
      'processRoleSigner',
    ]
    for (const name of names) {
      const code = `import { ${name} } from '@quilt-mcp/backends'`
      expect(await complaints('packages/server/src/cli/x.ts', code)).toEqual([])
      expect(await complaints('packages/server/src/transport/x.ts', code)).toHaveLength(1)
    }
    const platform = "import { platformBackend } from '@quilt-mcp/backends'"
    expect(await complaints('packages/server/src/transport/x.ts', platform)).toEqual([])
  })
})
