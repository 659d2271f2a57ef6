// `quilt-mcp demo`: its command line; the work is in cli/demo.
import type { Command } from './command.js'
import { portFlag } from './port-flag.js'

export const demo: Command = {
  usage: '',
  about:
    'Needs no account and no network. Prints the URL, two users with their tokens, and a ready client configuration; stays up until Ctrl-C.',
  flags: [
    {
      flag: '--port',
      value: 'number',
      description: 'Port of MCP; registry and S3 take the next two. Default 8765; 0 takes free ones.',
    },
    {
      flag: '--data-dir',
      value: 'folder',
      description: "Where everything is kept. Default: in this user's data folder.",
    },
    { flag: '--fresh', description: 'Throw away what earlier starts left.' },
    { flag: '--json', description: 'Print the facts as one line of JSON.' },
  ],
  settings: [],
  async run(line) {
    const port = portFlag(line, 'port')
    const { demo: runDemo } = await import('./demo/demo.js')
    return runDemo({
      port,
      dataDir: line.flags.get('data-dir'),
      fresh: line.flags.has('fresh'),
      json: line.flags.has('json'),
    })
  },
}
