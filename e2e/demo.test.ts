// The demo as a newcomer meets it: only what it prints is used.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { call, connectHttp, connectStdio, failure } from './clients.js'
import { keepLog } from './logs.js'
import { cli } from './world.js'

interface RunningDemo {
  /** What it printed. */
  readonly text: string
  stop(): Promise<number | null>
}

let dataDir: string
let demo: RunningDemo

/** Runs `quilt-mcp demo` on the data folder and waits for the end of its text. */
async function startDemo(...args: readonly string[]): Promise<RunningDemo> {
  const child = spawn(process.execPath, [cli, 'demo', '--data-dir', dataDir, '--port', '0', ...args], {
    env: { PATH: process.env.PATH, HOME: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  keepLog(child.stderr)
  let text = ''
  const printed = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('Then ask:')) resolve()
    })
    child.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${text}`)))
  })
  await printed
  return {
    text,
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGINT')
      const [code] = (await exit) as [number | null]
      return code
    },
  }
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quilt-demo-test-'))
  demo = await startDemo()
})
afterAll(async () => {
  await demo.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** The JSON that stands below a heading of the text. */
function jsonAfter(heading: string): unknown {
  const rest = demo.text.slice(demo.text.indexOf(heading))
  return JSON.parse(rest.slice(rest.indexOf('{'), rest.indexOf('\n  }\n') + 4))
}

const cursorConfig = z.object({
  mcpServers: z.object({ quilt: z.object({ url: z.string(), headers: z.object({ Authorization: z.string() }) }) }),
})
const desktopConfig = z.object({
  mcpServers: z.object({
    quilt: z.object({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  }),
})

function printedAddress(): { url: string; token: string } {
  const { url, headers } = cursorConfig.parse(jsonAfter('Cursor')).mcpServers.quilt
  return { url, token: headers.Authorization.replace('Bearer ', '') }
}

/** The token that stands below a user's line. */
const tokenOf = (user: string): string => new RegExp(`^  ${user} .*\\n\\s+token (\\S+)`, 'm').exec(demo.text)?.[1] ?? ''

describe('the demo', () => {
  it('prints a first call that works as it stands', async () => {
    const lines = demo.text.split('\n')
    const command = lines[lines.findIndex((line) => line.startsWith('A first call')) + 1] ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    expect(JSON.parse(stdout)).toMatchObject({ bucket: 'demo-climate' })
    expect(stdout).toContain('climate/seattle-weather')
  })

  it('prints a curl command that works as it stands', async () => {
    const lines = demo.text.split('\n')
    const command = lines.find((line) => line.trim().startsWith('curl')) ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', command])
    expect(stdout).toContain('climate/seattle-weather')
  })

  it('prints a configuration over stdio that works as it stands', async () => {
    const { command, args, env } = desktopConfig.parse(jsonAfter('Claude Desktop')).mcpServers.quilt
    expect([command, args]).toEqual(['node', [cli]])
    const client = await connectStdio({ PATH: process.env.PATH ?? '', ...env })
    expect((await call(client, 'bucket_list')).buckets).toMatchObject([{ name: 'demo-climate' }])
    await client.close()
  })

  it('holds real data: revisions, CSV, JSON, a picture, metadata and a README', async () => {
    const { url, token } = printedAddress()
    const client = await connectHttp(url, token)
    const weather = { package: 'climate/seattle-weather', bucket: 'demo-climate' }
    expect((await call(client, 'package_revisions', weather)).total).toBe(3)
    const browsed = await call(client, 'package_browse', weather)
    expect(browsed.metadata).toMatchObject({ untrusted: { reviewed: true, origin: 'vega-datasets 3.2.1' } })
    const at = (name: string, path: string) =>
      `quilt+s3://demo-climate#package=${name}&path=${encodeURIComponent(path)}`
    const csv = await call(client, 'object_read', {
      uri: at('climate/seattle-weather', 'daily/seattle-weather.csv'),
      max_lines: 1,
    })
    expect(csv.text).toEqual({ untrusted: expect.stringContaining('date,precipitation') as string })
    const readme = await call(client, 'object_read', { uri: at('climate/seattle-weather', 'README.md') })
    expect(readme.text).toEqual({ untrusted: expect.stringContaining('# Seattle weather') as string })
    const json = await call(client, 'object_read', {
      uri: at('samples/scatter-icons', 'data/cars.json'),
      max_bytes: 100,
    })
    expect(json.kind).toBe('text')
    const picture = await client.callTool({
      name: 'object_read',
      arguments: { uri: at('samples/scatter-icons', 'icons/gimp.png') },
    })
    expect(picture.content).toContainEqual(expect.objectContaining({ type: 'image', mimeType: 'image/png' }))
    await client.close()
  })

  it('has two users who cannot see each other', async () => {
    const { url } = printedAddress()
    const [ada, grace] = await Promise.all([connectHttp(url, tokenOf('ada')), connectHttp(url, tokenOf('grace'))])
    expect((await call(ada, 'bucket_list')).buckets).toMatchObject([{ name: 'demo-climate' }])
    expect((await call(grace, 'bucket_list')).buckets).toMatchObject([{ name: 'demo-ecology' }])
    expect((await failure(ada, 'package_list', { bucket: 'demo-ecology' })).code).toBe('not_found')
    await Promise.all([ada.close(), grace.close()])
  })

  it('ends at Ctrl-C, and the next start finds users, tokens and changes as they were', async () => {
    const token = tokenOf('ada')
    const change = await connectHttp(printedAddress().url, token)
    const weather = { package: 'climate/seattle-weather', bucket: 'demo-climate' }
    await call(change, 'package_update', {
      ...weather,
      message: 'Mine',
      add: [{ logical_key: 'mine.txt', text: 'mine' }],
    })
    await change.close()

    expect(await demo.stop()).toBe(0)
    demo = await startDemo()
    expect(tokenOf('ada')).toBe(token)
    const client = await connectHttp(printedAddress().url, token)
    expect((await call(client, 'package_revisions', weather)).total).toBe(4)
    await client.close()
  })

  it('starts over with --fresh', async () => {
    await demo.stop()
    demo = await startDemo('--fresh')
    const client = await connectHttp(printedAddress().url, tokenOf('ada'))
    const weather = { package: 'climate/seattle-weather', bucket: 'demo-climate' }
    expect((await call(client, 'package_revisions', weather)).total).toBe(3)
    await client.close()
  })

  it('refuses to start over in a folder that holds something else, and leaves it alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'not-a-demo-'))
    await writeFile(join(folder, 'thesis.txt'), 'mine')
    const refused = await failedDemo('--fresh', '--data-dir', folder, '--port', '0')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a demo') as string })
    expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('mine')
    await rm(folder, { recursive: true })
  })

  it('says so when the port it was told to take is taken', async () => {
    const { port } = new URL(printedAddress().url)
    const refused = await failedDemo('--data-dir', dataDir, '--port', port)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`port ${port} is taken`) as string })
  })
})

/** How a demo that cannot start ends. */
async function failedDemo(...args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [cli, 'demo', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, stderr }
}
