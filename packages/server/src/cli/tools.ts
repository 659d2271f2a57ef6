// `quilt-mcp tools`: what an MCP client would be offered.

import type { Command } from './command.js'
import { exitCodes } from './exit-code.js'
import { ownCaller } from './own-caller.js'
import { serverDeps } from './server-deps.js'
import { settingsOf } from './settings.js'
import { toolTable } from './tool-table.js'

export const tools: Command = {
  usage: '',
  about: '',
  flags: [
    { flag: '--json', description: 'Print the definitions that clients get, as JSON.' },
    { flag: '--hosted', description: 'Use the names of the hosted Platform server.' },
  ],
  settings: ['readOnly'],
  async run(line) {
    const config = await settingsOf(line.settings)
    const { view } = ownCaller(config)
    const listed = serverDeps(config).registry.list({ ...view, surface: line.flags.has('hosted') ? 'hosted' : 'ours' })
    process.stdout.write(line.flags.has('json') ? `${JSON.stringify(listed, null, 2)}\n` : toolTable(listed))
    return exitCodes.ok
  },
}
