import { join } from 'node:path'
import { expect, it } from 'vitest'
import { deployments, presets } from './deployment.js'
import { configSchema, type Setting, settings } from './schema.js'

const page = join(import.meta.dirname, '../../../../docs/reference/settings.md')

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const code = (text: string): string => `\`${text}\``
const defaults: Readonly<Record<string, unknown>> = configSchema.parse({})

function settingRow({ name, flag, value, env, description, list }: Setting): string {
  const usual = defaults[name]
  return row([
    code(value === undefined ? flag : `${flag} <${value}>`) + (list === true ? ' (may be repeated)' : ''),
    env.map(code).join(', '),
    usual === undefined || usual === false || (Array.isArray(usual) && usual.length === 0) ? '' : code(String(usual)),
    description,
  ])
}

/** The reference page of the settings, from the schema. */
const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'Written from `packages/server/src/config/schema.ts` by its test; `npx vitest run packages/server/src/config -u` writes it anew.',
    '',
    'A flag goes before an environment variable, that before the file, the file before the default. Of several variables the first that is',
    'set counts; an empty one is not set. In the file a setting has the name of its flag without the dashes. `quilt-mcp doctor` shows which',
    'value counts and where it came from.',
    '',
    row(['flag', 'environment', 'default', 'meaning']),
    row(['---', '---', '---', '---']),
    ...settings.map(settingRow),
    '',
    '## Presets',
    '',
    'A preset stands for two settings. A setting that is given at the same place (flag, environment or file), or at a stronger one, goes',
    'before it.',
    '',
    row(['deployment', 'backend', 'transport']),
    row(['---', '---', '---']),
    ...deployments.map((name) => row([code(name), code(presets[name].backend), code(presets[name].transport)])),
    '',
  ].join('\n')

it('keeps the reference of the settings as the schema is', async () => {
  await expect(settingsPage()).toMatchFileSnapshot(page)
})
