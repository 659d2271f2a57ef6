// `quilt-mcp stack`: the embedded Quilt stack alone, for whoever wants to try quilt3, boto3 or another client on it.
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Command } from './command.js'
import { exitCodes } from './exit-code.js'
import { portFlag } from './port-flag.js'
import { untilStopped } from './until-stopped.js'

export const stack: Command = {
  usage: '',
  about: 'An empty stack has no users: quilt-mcp demo makes some, and sample data.',
  flags: [
    { flag: '--data-dir', value: 'folder', description: 'Where everything is kept. Default: ~/.quilt-mcp/stack' },
    { flag: '--registry-port', value: 'number', description: 'Port of the registry. Default: a free one.' },
    { flag: '--s3-port', value: 'number', description: 'Port of S3. Default: a free one.' },
    { flag: '--upload-urls', description: 'Let the registry offer forms to upload with, as not all registries do.' },
    { flag: '--older-search', description: 'Let search take the order of packages as older registries do.' },
  ],
  settings: [],
  async run(line) {
    const registryPort = portFlag(line, 'registry-port')
    const s3Port = portFlag(line, 's3-port')
    const { startStack } = await import('@quilt-mcp/stack')
    const running = await startStack({
      dataDir: line.flags.get('data-dir') ?? join(homedir(), '.quilt-mcp', 'stack'),
      ...(registryPort !== undefined && { registryPort }),
      ...(s3Port !== undefined && { s3Port }),
      uploadUrls: line.flags.has('upload-urls'),
      searchSignature: line.flags.has('older-search') ? 'order' : 'ordering',
    })
    process.stdout.write(`registry and catalog  ${running.registryUrl}\nS3                    ${running.s3Endpoint}\n`)
    await untilStopped()
    await running.close()
    return exitCodes.ok
  },
}
