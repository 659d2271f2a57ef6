// The servers that are measured, each in a process of its own, and the stack that all of them ask.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bundledFloor } from '../bundle.mjs'
import { nodeAdapter, pythonPeer } from '../peers/install.mjs'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'packages/server/dist/cli.js')
const pythonOf = (command) => join(command, '../python')

/** Which of the peers there are. */
export const installedPeers = () => ({ floor: existsSync(nodeAdapter.folder), peer: existsSync(pythonPeer.command) })

/** Bundles the floor. @returns where it lies */
export const floorFile = () => bundledFloor(import.meta.dirname, [join(nodeAdapter.folder, 'node_modules')])

/** Starts the servers that are installed, against one stack, and waits until each answers.
 * @param world where the stack is: `registryUrl`, `s3Endpoint`; `folder` for homes and logs; `floorFile`, the bundle
 * @param names which: `ours`, `floor`, `peer`, `browsingPeer` */
export async function startServers(world, names) {
  const running = {}
  try {
    for (const name of names) running[name] = await starters[name](world)
  } catch (error) {
    await stopServers(running)
    throw error
  }
  return running
}

export const stopServers = (running) => Promise.all(Object.values(running).map(({ stop }) => stop()))

const starters = {
  ours: ({ registryUrl, s3Endpoint, ...world }) =>
    announced(world, 'ours', [
      cli,
      'serve',
      '--registry-url',
      registryUrl,
      '--s3-endpoint',
      s3Endpoint,
      '--port',
      '0',
      '--rate-limit',
      '0',
    ]),
  floor: ({ floorFile, ...world }) => announced(world, 'floor', [floorFile]),
  peer: (world) => python(world, 'peer', [pythonPeer.command]),
  browsingPeer: (world) => python(world, 'browsingPeer', [join(import.meta.dirname, 'browsing_peer.py')]),
}

/** A server on Node: says itself where it listens. */
async function announced({ folder }, name, args) {
  const started = begin({ folder, name, command: process.execPath, args, env: {} })
  return started.when(() => /MCP at (\S+\/mcp)\b/.exec(started.said())?.[1])
}

/** The Python peer: takes a port, and answers on it after some seconds. It asks the registry where its registry is on every call
 * unless it is told. */
async function python({ registryUrl, s3Endpoint, folder }, name, script) {
  const port = await freePort()
  const env = {
    QUILT_CATALOG_URL: registryUrl,
    QUILT_REGISTRY_URL: registryUrl,
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    FASTMCP_HOST: '127.0.0.1',
    FASTMCP_PORT: String(port),
  }
  const args = [...script, '--deployment', 'remote', '--skip-banner']
  const started = begin({ folder, name, command: pythonOf(pythonPeer.command), args, env })
  return started.when(() => (/Uvicorn running/.test(started.said()) ? `http://127.0.0.1:${port}/mcp` : undefined))
}

/** Starts a process with a home of its own; what it says goes to a file, as that costs it least. */
function begin({ folder, name, command, args, env }) {
  const home = join(folder, name)
  mkdirSync(home, { recursive: true })
  const log = join(home, 'output.txt')
  const output = openSync(log, 'w')
  const child = spawn(command, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    stdio: ['ignore', output, output],
  })
  const ended = once(child, 'exit')
  const said = () => readFileSync(log, 'utf8')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return {
    said,
    async when(urlOf) {
      for (;;) {
        const url = urlOf()
        if (url) return { url, pid: child.pid, stop }
        const isOver = await Promise.race([ended.then(() => true), delay(50, false)])
        if (isOver) throw new Error(`${name} ended before it answered: ${said().slice(-2000)}`)
      }
    },
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
