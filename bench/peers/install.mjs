// Installs the peers that benchmarks compare with into bench/peers/.installed. Does nothing when they are there.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const installed = join(import.meta.dirname, '.installed')
/** The Python server of today, pinned: a claim about it holds for this version. */
export const pythonPeer = { requirement: 'quilt-mcp==0.22.0', command: join(installed, 'python/bin/quilt-mcp') }
/** The Python client, for what core does: its interpreter, to run a script with. */
export const quilt3Peer = { requirement: 'quilt3==8.0.0', command: join(installed, 'quilt3/bin/python') }
/** An S3 that is neither ours nor Amazon's. */
export const motoPeer = { requirement: 'moto[server]==5.2.5', command: join(installed, 'moto/bin/moto_server') }
/** The SDK's handler for Node, for the bare server of bench:http; the versions of hono are those of ours. */
export const nodeAdapter = {
  requirements: [
    '@modelcontextprotocol/node@2.1.2',
    '@modelcontextprotocol/server@2.4.0',
    '@hono/node-server@2.1.8',
    'hono@4.13.19',
  ],
  folder: join(installed, 'node-adapter'),
}

export const hasWrk = () => spawnSync('wrk', ['--version']).error === undefined

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

function install(name, { requirement, command }) {
  if (existsSync(command)) return
  const environment = join(installed, name)
  run('python3', ['-m', 'venv', environment])
  run(join(environment, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', requirement])
}

function installNodeAdapter({ requirements, folder }) {
  if (existsSync(folder)) return
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--save-exact', ...requirements])
}

/** wrk, the load generator of bench:http, is a package of the system. */
function installWrk() {
  if (hasWrk()) return
  const { error, status } = spawnSync('apt-get', ['install', '-y', 'wrk'], { stdio: 'inherit' })
  if (error || status !== 0)
    console.log('wrk could not be installed: bench:http needs it. As root: apt-get update && apt-get install wrk.')
}

export function installPeers() {
  install('python', pythonPeer)
  install('quilt3', quilt3Peer)
  install('moto', motoPeer)
  installNodeAdapter(nodeAdapter)
  installWrk()
}

if (process.argv[1] === import.meta.filename) installPeers()
