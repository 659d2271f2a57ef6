// `quilt-mcp whoami`: as whom the tools would act, and why.
import type { Backend, Identity } from '@quilt-mcp/backends'
import { ownBackendSettings } from '../config/schema.js'
import type { Command } from './command.js'
import { exitCodes } from './exit-code.js'
import { ownCaller } from './own-caller.js'
import { settingsOf, surroundings } from './settings.js'
import { forTerminal } from './terminal.js'

export const whoami: Command = {
  usage: '',
  about: 'Asks the service itself: a sign-in that is over is found out. Ends with 3 when nobody is signed in.',
  flags: [{ flag: '--json', description: 'Print it as one line of JSON.' }],
  settings: ownBackendSettings,
  async run(line) {
    const caller = ownCaller(await settingsOf(line.settings), { surroundings: surroundings() })
    try {
      const backend = await caller.backend()
      const identity = await backend.identity()
      const text = line.flags.has('json') ? JSON.stringify(identity) : described(identity, backend)
      process.stdout.write(`${forTerminal(text)}\n`)
      return exitCodes.ok
    } finally {
      await caller.close()
    }
  },
}

function described(identity: Identity, { trace = [] }: Backend): string {
  const { backend, user, role, roles, catalogUrl, registryUrl, region } = identity
  const chosen = trace.find(({ outcome }) => outcome === 'chosen')?.explanation
  const others = roles?.filter((one) => one !== role) ?? []
  const facts: readonly (readonly [string, string | undefined])[] = [
    [
      'user',
      user && [user.name, user.email && `<${user.email}>`, user.isAdmin && '(administrator)'].filter(Boolean).join(' '),
    ],
    ['role', role && [role, others.length > 0 && `(may switch to ${others.join(', ')})`].filter(Boolean).join(' ')],
    ['catalog', catalogUrl],
    ['registry', registryUrl],
    ['region', region],
    ['backend', [backend, chosen].filter(Boolean).join(': ')],
  ]
  return facts.flatMap(([name, value]) => (value ? [`${name.padEnd(8)}  ${value}`] : [])).join('\n')
}
