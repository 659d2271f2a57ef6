// The commands of `quilt-mcp` by name, and nothing of their work: each is loaded when it is called.
import { nearNames, QuiltError } from '@quilt-mcp/core'
import type { Command } from './command.js'
import { exitCodeOf, exitCodes, UsageError } from './exit-code.js'
import { forTerminal } from './terminal.js'

interface CommandEntry {
  readonly summary: string
  load(): Promise<Command>
}

const commands: Readonly<Record<string, CommandEntry>> = {
  start: {
    summary: 'Serve one client over stdio (the default).',
    load: async () => (await import('./start.js')).start,
  },
  serve: {
    summary: 'Serve many clients over HTTP, each with its own token.',
    load: async () => (await import('./serve.js')).serve,
  },
  login: {
    summary: 'Sign in to a Quilt catalog, for quilt-mcp and quilt3.',
    load: async () => (await import('./login.js')).login,
  },
  logout: { summary: 'Sign out, quilt3 too.', load: async () => (await import('./logout.js')).logout },
  whoami: { summary: 'Say as whom the tools act.', load: async () => (await import('./whoami.js')).whoami },
  demo: {
    summary: 'Start a whole Quilt stack with sample data on this machine, and an MCP server for it.',
    load: async () => (await import('./demo.js')).demo,
  },
  stack: { summary: 'Start the embedded Quilt stack alone.', load: async () => (await import('./stack.js')).stack },
  tools: { summary: 'List the tools.', load: async () => (await import('./tools.js')).tools },
  doctor: {
    summary: 'Say which settings count, which backend serves and why, and what to fix.',
    load: async () => (await import('./doctor.js')).doctor,
  },
  call: { summary: 'Call a tool from the command line.', load: async () => (await import('./call.js')).call },
}

/** Runs the command. @param argv what follows the program's name @returns the exit status */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv)
  } catch (thrown) {
    if (!(thrown instanceof QuiltError)) throw thrown
    process.stderr.write(`${forTerminal([thrown.message, thrown.hint].filter(Boolean).join('\n'))}\n`)
    return thrown instanceof UsageError ? exitCodes.usage : exitCodeOf(thrown.code)
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const [first = ''] = argv
  const isCommand = first !== '' && !first.startsWith('-')
  if (!isCommand && argv.includes('--version')) return print((await import('./version.js')).version)
  if (first === '--help' || first === '-h' || first === 'help') {
    const { overview } = await import('./help.js')
    return print(overview(Object.fromEntries(Object.entries(commands).map(([name, { summary }]) => [name, summary]))))
  }
  const name = isCommand ? first : 'start'
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!entry) throw unknownCommand(name)
  const rest = isCommand ? argv.slice(1) : argv
  if (rest.includes('--version')) return print((await import('./version.js')).version)
  const command = await entry.load()
  if (rest.includes('--help') || rest.includes('-h')) {
    return print((await import('./help.js')).commandHelp(name, entry.summary, command))
  }
  const { parseFlags } = await import('./flags.js')
  return command.run(parseFlags(rest, { ...command, command: name }))
}

function unknownCommand(name: string): UsageError {
  const near = nearNames(name, Object.keys(commands), 1)
  return new UsageError(
    `there is no command ${name}`,
    near.length > 0 ? `Did you mean quilt-mcp ${near[0]}?` : 'quilt-mcp --help lists the commands.',
  )
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.ok
}
