// One start of one contender: its own process, driven over stdio, measured from outside.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
}
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }
const listTools = { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} }

/** Peak resident memory of a process in MB (1,000,000 bytes), from the kernel. */
const peakMegabytes = (pid) =>
  (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6

/** Starts the command and waits for the two answers.
 * @returns {Promise<{initializeMs: number, toolsMs: number, peakMb: number}>} */
export async function measureStart({ command, args = [], env = {} }) {
  const started = performance.now()
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints = (complaints + text).slice(-2000)
  })
  const ended = new Promise((_, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`${command} ended with ${code} before it answered: ${complaints}`)))
  })
  const waiting = new Map()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line)
    waiting.get(message.id)?.(message)
  })
  const answer = (request) => {
    const answered = new Promise((resolve) => waiting.set(request.id, resolve))
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return Promise.race([answered, ended])
  }
  try {
    const hello = await answer(initialize)
    const initializeMs = performance.now() - started
    if (!hello.result) throw new Error(`initialize failed: ${JSON.stringify(hello)}`)
    child.stdin.write(`${JSON.stringify(initialized)}\n`)
    const tools = await answer(listTools)
    if (!tools.result?.tools?.length) throw new Error(`tools/list failed: ${JSON.stringify(tools).slice(0, 300)}`)
    return { initializeMs, toolsMs: performance.now() - started, peakMb: peakMegabytes(child.pid) }
  } finally {
    ended.catch(() => {})
    child.kill('SIGKILL')
  }
}
