// `--help`: printed from the commands and the settings' schema, so that it says what is there.
import { type Setting, settings } from '../config/schema.js'
import type { Command } from './command.js'

/** The help of the whole command. @param summaries command names to one line each */
export function overview(summaries: Readonly<Record<string, string>>): string {
  return [
    'quilt-mcp lets an AI assistant work with Quilt data packages.',
    '',
    'Usage: quilt-mcp [command] [flags]',
    '',
    'Commands:',
    ...table(Object.entries(summaries)),
    '',
    'quilt-mcp <command> --help says more. --version prints the version.',
    'Exit status: 0 done, 1 the tool or command failed, 2 wrong command line, 3 not signed in or no service answers.',
  ].join('\n')
}

/** The help of one command. */
export function commandHelp(name: string, summary: string, command: Command): string {
  const own = command.flags.map(({ flag, value, description }): [string, string] => [
    withValue(flag, value),
    description,
  ])
  const shared = settings
    .filter((setting) => command.settings.includes(setting.name))
    .map((setting): [string, string] => [withValue(setting.flag, setting.value), describe(setting)])
  return [
    `Usage: quilt-mcp ${name}${command.usage === '' ? '' : ` ${command.usage}`} [flags]`,
    '',
    summary,
    ...(command.about === '' ? [] : ['', command.about]),
    '',
    'Flags:',
    ...table([...own, ...shared, ['--help', 'Print this text.']]),
  ].join('\n')
}

const withValue = (flag: string, value: string | undefined): string =>
  value === undefined ? flag : `${flag} <${value}>`

const describe = ({ description, env }: Setting): string => `${description} [${env.join(', ')}]`

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
