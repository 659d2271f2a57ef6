// Installs the peers that benchmarks compare with into bench/peers/.installed. Does nothing when they are there.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const installed = join(import.meta.dirname, '.installed')
/** The Python server of today, pinned: a claim about it holds for this version. */
export const pythonPeer = { requirement: 'quilt-mcp==0.22.0', command: join(installed, 'python/bin/quilt-mcp') }
/** The Python client, for what core does: its interpreter, to run a script with. */
export const quilt3Peer = { requirement: 'quilt3==8.0.0', command: join(installed, 'quilt3/bin/python') }

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

export function installPeers() {
  install('python', pythonPeer)
  install('quilt3', quilt3Peer)
}

if (process.argv[1] === import.meta.filename) installPeers()
