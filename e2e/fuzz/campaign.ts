// A campaign: many broken messages at a real server in a process of its own, before an embedded stack, with a good token.
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from '../world.js'
import { type FuzzedTool, toolList } from './arguments.js'
import { type Exchanged, exchange } from './exchange.js'
import { faultsOf } from './judge.js'
import { type CampaignWorld, exchangeOf } from './requests.js'
import { residentMiB, type Vitals, watchVitals } from './vitals.js'
import type { Sending } from './wire.js'

export interface CampaignOptions {
  readonly messages: number
  readonly seed: number
  /** The first to send, to see a fault again that the ones before prepared. Default: 0. */
  readonly from?: number | undefined
  onProgress?(done: number, rssMiB: number | undefined): void
}

/** A message whose answer was wrong. */
export interface Fault {
  readonly index: number
  readonly kind: string
  readonly wrong: readonly string[]
  readonly sent: string
  readonly got: string
}

export interface CampaignResult {
  readonly sent: number
  /** Answers by status. */
  readonly answers: Readonly<Record<string, number>>
  readonly faults: readonly Fault[]
  readonly vitals: Vitals
  /** Memory after the warm-up, the most since, and at the end after everything was answered; in MiB. */
  readonly rss: { readonly warm: number; readonly most: number; readonly last: number } | undefined
  /** What the server wrote of defects to its log; all that it wrote last when it died. */
  readonly defects: readonly string[]
}

const atOnce = 32
const mostFaults = 50
const shownChars = 2000

/** Sends the messages and judges what comes back. */
export async function campaign(options: CampaignOptions): Promise<CampaignResult> {
  const world = await aWorld()
  const server = await serveHttp({ ...settingsOf(world), QUILT_MCP_RATE_LIMIT: '0' })
  try {
    return await fuzz(options, world, server)
  } finally {
    await server.stop()
    await world.close()
  }
}

async function fuzz(
  { messages, seed, from = 0, onProgress }: CampaignOptions,
  world: World,
  server: HttpServer,
): Promise<CampaignResult> {
  const { host, port } = new URL(server.origin)
  const fuzzed: CampaignWorld = { seed, host, token: world.ada.apiKey, tools: await toolsOf(server, world.ada.apiKey) }
  await fill(server, world.ada.apiKey)
  const answers: Record<string, number> = {}
  const faults: Fault[] = []
  const warmUp = Math.max(500, Math.floor(messages / 10))
  const rss = { warm: 0, most: 0, last: 0 }
  const watch = watchVitals(server.origin)
  let done = 0
  const look = async (at: number) => {
    const mib = await residentMiB(server.pid)
    onProgress?.(at, mib)
    if (mib === undefined) return
    rss.last = mib
    if (at <= warmUp) rss.warm = Math.max(rss.warm, mib)
    else rss.most = Math.max(rss.most, mib)
  }
  const one = async (index: number) => {
    const sending = exchangeOf(fuzzed, index)
    const exchanged = await exchange(Number(port), sending).catch(
      (): Exchanged => ({ answers: [], rest: '', ended: 'closed' }),
    )
    for (const { status } of exchanged.answers) answers[status] = (answers[status] ?? 0) + 1
    const wrong = [...faultsOf(sending, exchanged), ...(server.isRunning() ? [] : ['the process died'])]
    if (wrong.length > 0 && faults.length < mostFaults) faults.push(faultOf(index, wrong, sending, exchanged))
    done++
    if (done % 250 === 0) await look(done)
  }
  const left = Array.from({ length: messages }, (_, index) => from + index).values()
  const sender = async () => {
    for (const index of left) {
      if (!server.isRunning()) return
      await one(index)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
  const vitals = await watch.stop()
  await look(done)
  const log = server.log().split('\n')
  const defects = server.isRunning() ? log.filter((line) => line.includes('"reference"')) : log.slice(-20)
  return { sent: done, answers, faults, vitals, rss: rss.last > 0 ? rss : undefined, defects }
}

/** What is sent and got, as far as it can be shown; the whole is sent again by its index. */
function faultOf(
  index: number,
  wrong: readonly string[],
  { pieces, kind }: Sending,
  { answers, rest }: Exchanged,
): Fault {
  const got = answers.map(({ status, body }) => `${status} ${body}`).join('\n') || rest || '(nothing)'
  const sent = Buffer.concat(pieces)
    .toString('latin1')
    .replace(/Bearer qk_\S+/g, 'Bearer <token>')
  return { index, kind, wrong, sent: sent.slice(0, shownChars), got: got.slice(0, shownChars) }
}

async function rpc(server: HttpServer, token: string, method: string, params: object): Promise<unknown> {
  const response = await fetch(`${server.origin}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const text = await response.text()
  const { result } = JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as { result: unknown }
  return result
}

const toolsOf = async (server: HttpServer, token: string): Promise<readonly FuzzedTool[]> =>
  toolList.parse(await rpc(server, token, 'tools/list', {})).tools

/** What good arguments name: a package and an object. */
async function fill(server: HttpServer, token: string): Promise<void> {
  const call = (name: string, args: object) => rpc(server, token, 'tools/call', { name, arguments: args })
  await call('object_put', { bucket: 'lab-a', key: 'raw.csv', text: 'a,b\n1,2\n' })
  await call('package_create', {
    package: 'fuzz/data',
    bucket: 'lab-a',
    message: 'First',
    entries: [
      { logical_key: 'a.txt', text: 'a' },
      { logical_key: 'dir/b.txt', text: 'b' },
    ],
  })
}
