// `quilt-mcp logout`: signs out as quilt3 does, for both.
import type { Command } from './command.js'
import { exitCodes } from './exit-code.js'
import { settingsOf, surroundings } from './settings.js'

export const logout: Command = {
  usage: '',
  about:
    'Ends the sign-ins to all registries, for quilt3 too. The registries are not told: copies of a token elsewhere stay good until they expire.',
  flags: [],
  settings: ['configFile'],
  async run(line) {
    const { token } = await settingsOf(line.settings)
    const { logOut } = await import('@quilt-mcp/backends')
    const folders = await logOut(surroundings())
    const lines = folders.length === 0 ? ['Nobody was signed in.'] : folders.map((folder) => `Signed out (${folder}).`)
    if (token !== undefined) lines.push('Note: QUILT_API_KEY is set, and stays in use.')
    process.stdout.write(`${lines.join('\n')}\n`)
    return exitCodes.ok
  },
}
