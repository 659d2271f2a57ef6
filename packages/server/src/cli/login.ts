// `quilt-mcp login`: signs in as quilt3 does, for both.
import type { LoggedIn, LoginTarget } from '@quilt-mcp/backends'
import type { Config } from '../config/schema.js'
import type { Command } from './command.js'
import { exitCodes, UsageError } from './exit-code.js'
import type { CommandLine } from './flags.js'
import { pipedCode, typedCode } from './login-code.js'
import { settingsOf, surroundings } from './settings.js'
import { forTerminal } from './terminal.js'

export const login: Command = {
  usage: '[catalog]',
  about: `Shows the address of the login page and takes the code from there. The sign-in is kept where quilt3 keeps it: each uses that of the
other. A catalog that is named here becomes the one in quilt3's settings too; a copy of the former settings stays beside them.
Without one it is the catalog of the settings, else that of quilt3. An API key needs no login: set QUILT_API_KEY.`,
  flags: [{ flag: '--code', value: '-', description: 'Read the code from stdin instead of asking for it.' }],
  settings: ['configFile', 'catalogUrl', 'registryUrl'],
  async run(line) {
    const catalog = catalogIn(line)
    const fromStdin = isFromStdin(line)
    const config = await settingsOf(line.settings)
    const { createHttpClient, logIn, loginTarget } = await import('@quilt-mcp/backends')
    const http = createHttpClient()
    try {
      const { catalogUrl, registryUrl } = config
      const target = await loginTarget({ ...surroundings(), catalog, catalogUrl, registryUrl, http })
      const code = fromStdin ? await pipedCode(process.stdin) : await askedCode(target)
      const loggedIn = await logIn(code, { target, http })
      process.stdout.write(forTerminal(outcome(target, loggedIn, config)))
      return exitCodes.ok
    } finally {
      await http.close()
    }
  },
}

function catalogIn({ words: [catalog, more] }: CommandLine): string | undefined {
  if (more === undefined) return catalog
  throw new UsageError(`there is one word too many: ${more}`, 'login takes the address of one catalog.')
}

/** A code on the command line could be read by every process of the machine, and would stay in the shell's history. */
function isFromStdin({ flags }: CommandLine): boolean {
  const code = flags.get('code')
  if (code !== undefined && code !== '-') {
    throw new UsageError('--code takes no code, only -', 'Pipe the code: pbpaste | quilt-mcp login --code -')
  }
  if (code === undefined && !process.stdin.isTTY) {
    throw new UsageError('nobody can type the code here', 'Run this in a terminal, or pipe the code with --code -.')
  }
  return code === '-'
}

async function askedCode({ loginPage }: LoginTarget): Promise<string> {
  process.stderr.write(forTerminal(`Open this page in a browser, sign in, and copy the code:\n\n  ${loginPage}\n\n`))
  return typedCode('Code (not shown): ', { input: process.stdin, output: process.stderr })
}

function outcome(
  { folder, registryUrl, catalogUrl }: LoginTarget,
  { user, withoutCredentials }: LoggedIn,
  { token, disableSession }: Config,
): string {
  const as = user === undefined ? '' : ` as ${user.name}, role ${user.role}`
  return [
    `Signed in to ${catalogUrl ?? registryUrl}${as}.`,
    `Kept in ${folder}, for quilt3 too.`,
    ...(withoutCredentials === undefined ? [] : [`Note: ${withoutCredentials}.`]),
    ...(token === undefined ? [] : ['Note: QUILT_API_KEY is set, and goes before this sign-in.']),
    ...(disableSession ? ['Note: QUILT_DISABLE_QUILT3_SESSION is set: quilt-mcp will not use this sign-in.'] : []),
    '',
  ].join('\n')
}
