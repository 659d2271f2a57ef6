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
/** DuckDB, reading manifests as they lie. */
export const duckdbPeer = { requirements: ['@duckdb/node-api@1.5.6-r.1'], folder: join(installed, 'duckdb') }

export const hasRipgrep = () => spawnSync('rg', ['--version']).error === undefined
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

function installModules({ requirements, folder }) {
  if (existsSync(folder)) return
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--save-exact', ...requirements])
}

/** A package of the system. */
function installFromSystem(name, { has, neededBy }) {
  if (has()) return
  const { error, status } = spawnSync('apt-get', ['install', '-y', name], { stdio: 'inherit' })
  if (error || status !== 0)
    console.log(
      `${name} could not be installed: ${neededBy} needs it. As root: apt-get update && apt-get install ${name}.`,
    )
}

export function installPeers() {
  install('python', pythonPeer)
  install('quilt3', quilt3Peer)
  install('moto', motoPeer)
  installModules(nodeAdapter)
  installModules(duckdbPeer)
  installFromSystem('wrk', { has: hasWrk, neededBy: 'bench:http' })
  installFromSystem('ripgrep', { has: hasRipgrep, neededBy: 'bench:search' })
}

if (process.argv[1] === import.meta.filename) installPeers()
