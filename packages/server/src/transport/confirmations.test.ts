// Confirmations over HTTP: both protocol eras, and replicas that share nothing.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfirmationPolicy } from '../mcp/confirmation-tokens.js'
import { startSampleServer } from './test/sample-server.js'

type Server = Awaited<ReturnType<typeof startSampleServer>>
let servers: readonly Server[]
let strict: Server
const start = (confirm: ConfirmationPolicy) => startSampleServer(['ada-token', 'grace-token'], { confirm })
beforeAll(async () => {
  servers = [await start('ask'), await start('ask')]
  strict = await start('elicit')
})
afterAll(async () => {
  for (const server of [...servers, strict]) await server.close()
})

const eras = ['2026-07-28', '2025-06-18'] as const

/** Calls `wipe` at a server, over a connection of its own. */
async function wipe(
  era: (typeof eras)[number],
  args: Record<string, unknown>,
  {
    at = servers[0],
    token = 'ada-token',
    answers,
  }: { at?: Server | undefined; token?: string; answers?: boolean } = {},
) {
  const asks = answers !== undefined
  const client = new Client(
    { name: 'test', version: '1' },
    {
      versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' },
      ...(asks && { capabilities: { elicitation: { form: {} } } }),
    },
  )
  if (asks) {
    client.setRequestHandler('elicitation/create', () =>
      answers ? { action: 'accept', content: { confirm: true } } : { action: 'decline' },
    )
  }
  const url = new URL(`${at?.url}/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider: { token: async () => token } }))
  try {
    const { structuredContent } = await client.callTool({ name: 'wipe', arguments: { thing: 'x', ...args } })
    return JSON.stringify(structuredContent)
  } finally {
    await client.close()
  }
}

const done = '{"wiped":"x"}'
const tokenIn = (answer: string) => /"confirm":"([^"]+)"/.exec(answer)?.[1]

describe.each(eras)('a confirmation over HTTP, %s', (era) => {
  const planned = async (options?: Parameters<typeof wipe>[2]) => tokenIn(await wipe(era, {}, options))

  it('is taken once', async () => {
    const confirm = await planned()
    expect(await wipe(era, { confirm })).toBe(done)
    expect(await wipe(era, { confirm })).toContain('was used already')
  })

  it('given by one replica is taken by the other', async () => {
    expect(await wipe(era, { confirm: await planned() }, { at: servers[1] })).toBe(done)
  })

  it('is refused for another caller, other arguments, and when it was altered', async () => {
    const confirm = await planned()
    expect(await wipe(era, { confirm }, { token: 'grace-token' })).toContain('does not fit')
    expect(await wipe(era, { confirm, thing: 'y' })).toContain('does not fit')
    expect(await wipe(era, { confirm: `${confirm?.slice(0, -2)}AA` })).toContain('does not fit')
    expect(await wipe(era, { confirm })).toBe(done)
  })

  it('is not to be had from a model where only the answer of a user counts', async () => {
    const refused = await wipe(era, {}, { at: strict })
    expect(refused).toContain('"code":"forbidden"')
    expect(tokenIn(refused)).toBeUndefined()
    expect(await wipe(era, { confirm: await planned() }, { at: strict })).toContain('"code":"forbidden"')
  })
})

describe('a user who is asked, 2026-07-28', () => {
  it('confirms, also where only that counts', async () => {
    for (const at of [servers[0], strict]) {
      expect(await wipe('2026-07-28', {}, { at, answers: true })).toBe(done)
      expect(await wipe('2026-07-28', {}, { at, answers: false })).toContain('"code":"forbidden"')
    }
  })

  it('is asked whatever token the model brings', async () => {
    const confirm = tokenIn(await wipe('2026-07-28', {}))
    expect(await wipe('2026-07-28', { confirm }, { answers: false })).toContain('the user declined')
  })
})
