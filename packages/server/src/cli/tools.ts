// `quilt-mcp tools`: what an MCP client would be offered.
import { ownBackendSettings } from '../config/schema.js'
import { listTools } from '../mcp/call-tool.js'
import type { Command } from './command.js'
import { exitCodes } from './exit-code.js'
import { ownCaller } from './own-caller.js'
import { serverDeps } from './server-deps.js'
import { settingsOf, surroundings } from './settings.js'
import { toolTable } from './tool-table.js'

export const tools: Command = {
  usage: '',
  about: 'Tools that the backend of the settings cannot serve are left out; without any backend all are listed.',
  flags: [
    { flag: '--json', description: 'Print the definitions that clients get, as JSON.' },
    { flag: '--hosted', description: 'Use the names of the hosted Platform server.' },
  ],
  settings: [...ownBackendSettings, 'readOnly'],
  async run(line) {
    const config = await settingsOf(line.settings)
    const caller = ownCaller(config, { surroundings: surroundings() })
    const view = { ...caller.view, surface: line.flags.has('hosted') ? 'hosted' : 'ours' } as const
    const listed = await listTools(serverDeps(config), { ...caller, view })
    process.stdout.write(line.flags.has('json') ? `${JSON.stringify(listed, null, 2)}\n` : toolTable(listed))
    await caller.close()
    return exitCodes.ok
  },
}
