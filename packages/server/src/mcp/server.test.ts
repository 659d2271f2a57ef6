import { Client, type ClientOptions, InMemoryTransport } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, it } from 'vitest'
import { startStdio } from '../transport/stdio.js'
import type { Caller } from './caller.js'
import { keptLog, sampleCaller, sampleDeps } from './test/sample-tools.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Era = '2026-07-28' | '2025-11-25'
const negotiation = (era: Era): ClientOptions =>
  era === '2026-07-28'
    ? { versionNegotiation: { mode: { pin: '2026-07-28' } } }
    : { versionNegotiation: { mode: 'legacy' } }

/** A client connected to a server with the sample tools, through the same path as stdio. */
async function connected(
  era: Era,
  { elicits, caller }: { elicits?: boolean | 'decline'; caller?: Partial<Caller> } = {},
) {
  const log = keptLog()
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const connection = startStdio(sampleDeps(log), sampleCaller(caller), ours)
  const client = new Client(
    { name: 'test', version: '1' },
    { ...negotiation(era), ...(elicits !== undefined && { capabilities: { elicitation: { form: {} } } }) },
  )
  const questions: string[] = []
  if (elicits !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message)
      return elicits === true ? { action: 'accept', content: { confirm: true } } : { action: 'decline' }
    })
  }
  await client.connect(theirs)
  closing.push(async () => {
    await client.close()
    await connection.close()
  })
  return { client, log, questions }
}

describe.each(['2026-07-28', '2025-11-25'] as const)('the MCP server, %s', (era) => {
  it('says its name, version and how the pieces go together', async () => {
    const { client } = await connected(era)
    expect(client.getServerVersion()).toMatchObject({ name: 'quilt-mcp', version: '1.2.3' })
    expect(client.getInstructions()).toContain('Start with catalog_status')
    expect(client.getServerCapabilities()).toMatchObject({ tools: {}, resources: {}, completions: {} })
  })

  it('lists tools and resources', async () => {
    const { client } = await connected(era)
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['fail', 'object_info', 'quote', 'wipe'])
    expect((await client.listResources()).resources).toEqual([
      { uri: 'quilt-platform://me', name: 'me', title: 'Me', description: 'Who is asking.', mimeType: 'text/markdown' },
    ])
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([
      {
        uriTemplate: 'quilt-platform://greetings/{who}/{+how}',
        name: 'greeting',
        title: 'Greeting',
        description: 'Greets somebody.',
        mimeType: 'text/plain',
      },
    ])
  })

  it('reads a resource of a template, its variables decoded', async () => {
    const { client, log } = await connected(era)
    const uri = 'quilt-platform://greetings/Ada%20L./good/evening'
    expect((await client.readResource({ uri })).contents).toEqual([
      { uri, mimeType: 'text/plain', text: 'good/evening, Ada L.' },
    ])
    expect(log.lines.at(-1)).toMatchObject({ resource: 'quilt-platform://greetings/{who}/{+how}', outcome: 'ok' })
    await expect(client.readResource({ uri: 'quilt-platform://greetings/%/x' })).rejects.toThrow('broken percent sign')
  })

  it('completes the variables of templates, at most 100 values at a time', async () => {
    const { client, log } = await connected(era)
    const ref = { type: 'ref/resource' as const, uri: 'quilt-platform://greetings/{who}/{+how}' }
    const { completion } = await client.complete({ ref, argument: { name: 'who', value: 'a' } })
    expect([completion.values.length, completion.total, completion.hasMore]).toEqual([100, 150, true])
    expect(log.lines.at(-1)).toMatchObject({ level: 'debug', message: 'completion', outcome: 'ok' })
    expect(JSON.stringify(log.lines)).not.toContain('"a"')

    const argument = { name: 'how', value: 'Good night' }
    const context = { arguments: { who: 'Ada' } }
    expect(await client.complete({ ref, argument, context })).toMatchObject({
      completion: { values: ['Good night dear Ada'], hasMore: false },
    })
    expect(await client.complete({ ref, argument })).toMatchObject({ completion: { values: [] } })
  })

  it('refuses to complete what there is not', async () => {
    const { client } = await connected(era)
    const argument = { name: 'who', value: '' }
    const ref = { type: 'ref/resource' as const, uri: 'quilt-platform://me' }
    await expect(client.complete({ ref, argument })).rejects.toMatchObject({ code: -32602 })
    await expect(client.complete({ ref: { type: 'ref/prompt', name: 'x' }, argument })).rejects.toMatchObject({
      code: -32602,
    })
  })

  it('calls a tool, and answers with structure and text', async () => {
    const { client } = await connected(era)
    const result = await client.callTool({ name: 'quote', arguments: { text: 'hello', times: '2' } })
    expect(result.structuredContent).toEqual({ quoted: [{ untrusted: 'hello' }, { untrusted: 'hello' }] })
    expect(result.content).toEqual([{ type: 'text', text: expect.stringMatching(/>hello<\/data-[0-9a-f]{10}>/) }])
    expect(result.isError).toBeUndefined()
  })

  it('answers to aliases and to the hosted names', async () => {
    const { client } = await connected(era)
    expect((await client.callTool({ name: 'say_again', arguments: { text: 'a' } })).isError).toBeUndefined()
    expect((await client.callTool({ name: 's3_object_info' })).structuredContent).toEqual({
      link: 'https://catalog.example.com/b/a-bucket',
    })
  })

  it.each([
    [
      'an error of the tool',
      { name: 'fail', arguments: { how: 'known' } },
      {
        code: 'not_found',
        message: 'no such thing',
        hint: 'Look elsewhere.',
        retryable: false,
        details: { thing: 'x' },
        nextTools: ['quote'],
      },
    ],
    [
      'an unknown tool',
      { name: 'quota', arguments: {} },
      {
        code: 'not_found',
        message: 'there is no tool named "quota"',
        hint: 'Did you mean quote? tools/list names them all.',
        retryable: false,
        nextTools: ['quote'],
      },
    ],
    [
      'a wrong argument',
      { name: 'fail', arguments: { how: 'known', why: 1 } },
      {
        code: 'invalid_input',
        message: 'fail: there is no argument "why"',
        hint: 'Arguments: how (required).',
        retryable: false,
        details: { arguments: ['why'] },
      },
    ],
  ])('answers %s with isError, the same in structure and text', async (_what, call, error) => {
    const { client } = await connected(era)
    const result = await client.callTool(call)
    expect(result).toMatchObject({ isError: true, structuredContent: { error } })
    expect(result.content).toEqual([{ type: 'text', text: JSON.stringify({ error }) }])
  })

  it.each([
    'defect',
    'nonsense',
  ])('tells of a defect (%s) only its reference, and logs the rest under it', async (how) => {
    const { client, log } = await connected(era)
    const { structuredContent, isError } = await client.callTool({ name: 'fail', arguments: { how } })
    expect(isError).toBe(true)
    expect(structuredContent).toMatchObject({
      error: { code: 'internal', details: { reference: expect.any(String) } },
    })
    expect(JSON.stringify(structuredContent)).not.toContain('secret-token')
    const reference = /"reference":"([^"]+)"/.exec(JSON.stringify(structuredContent))?.[1]
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        reference,
        error: [
          { kind: expect.stringMatching(/Error$/), at: expect.arrayContaining([expect.stringMatching(/^mcp.*ts:/)]) },
        ],
      }),
    )
    expect(JSON.stringify(log.lines)).not.toContain('secret-token')
  })

  it('logs one line a call, without arguments', async () => {
    const { client, log } = await connected(era)
    await client.callTool({ name: 'say_again', arguments: { text: 'private' } })
    const lines = log.lines.filter(({ level }) => level === 'info')
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'tool call',
        tool: 'quote',
        backend: 'platform',
        ms: expect.any(Number),
        outcome: 'ok',
        requestId: expect.any(String),
        principal: 'local',
      },
    ])
  })

  it('logs one line for each resource that is read, and for lists when asked for so much', async () => {
    const { client, log } = await connected(era)
    log.lines.splice(0)
    await client.readResource({ uri: 'quilt-platform://me' })
    await client.readResource({ uri: 'quilt-platform://private' }).catch(() => {})
    await client.listTools()
    const line = { ms: expect.any(Number), requestId: expect.any(String), principal: 'local' }
    const read = { ...line, level: 'info', message: 'resource read' }
    expect(log.lines).toEqual([
      { ...read, resource: 'quilt-platform://me', backend: 'platform', outcome: 'ok' },
      { ...read, resource: '<unknown>', outcome: 'not_found' },
      { ...line, level: 'debug', message: 'tools list', count: 4 },
    ])
  })

  it('does not log the name of a tool that there is not: a client made it up', async () => {
    const { client, log } = await connected(era)
    await client.callTool({ name: 'private_name', arguments: {} })
    expect(log.lines.filter(({ level }) => level === 'info')).toMatchObject([
      { tool: '<unknown>', outcome: 'not_found' },
    ])
    expect(JSON.stringify(log.lines)).not.toContain('private')
  })

  it('reports progress to a client that asks for it', async () => {
    const { client } = await connected(era)
    const seen: number[] = []
    await client.callTool({ name: 'object_info' }, { onprogress: ({ progress }) => seen.push(progress) })
    expect(seen).toEqual([1, 2])
  })

  it('reads a resource, and names the known ones for an unknown URI', async () => {
    const { client } = await connected(era)
    expect((await client.readResource({ uri: 'quilt-platform://me' })).contents).toEqual([
      { uri: 'quilt-platform://me', mimeType: 'text/markdown', text: 'I am ada' },
    ])
    await expect(client.readResource({ uri: 'quilt-platform://mee' })).rejects.toThrow(
      'Did you mean quilt-platform://me?',
    )
  })

  it('hides and refuses what changes something in read-only mode', async () => {
    const { client } = await connected(era, { caller: { view: { surface: 'ours', readOnly: true } } })
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['object_info', 'quote'])
    const result = await client.callTool({ name: 'wipe', arguments: { thing: 'x' } })
    expect(result.structuredContent).toMatchObject({ error: { code: 'forbidden' } })
  })

  it('makes a client that can ask its user ask, and goes on when the user agrees', async () => {
    const { client, questions } = await connected(era, { elicits: true })
    expect((await client.callTool({ name: 'wipe', arguments: { thing: 'x' } })).structuredContent).toEqual({
      wiped: 'x',
    })
    expect(questions).toEqual(['Remove x?'])
  })

  it('changes nothing when the user declines', async () => {
    const { client } = await connected(era, { elicits: 'decline' })
    const result = await client.callTool({ name: 'wipe', arguments: { thing: 'x' } })
    expect(result.structuredContent).toMatchObject({ error: { code: 'forbidden' } })
  })

  it('gives a client that cannot ask a plan and a token to repeat the call with', async () => {
    const { client } = await connected(era)
    const plan = await client.callTool({ name: 'wipe', arguments: { thing: 'x' } })
    expect(plan.structuredContent).toMatchObject({
      error: { code: 'conflict', message: 'Needs confirmation: Remove x?' },
    })
    const confirm = /"confirm":"([^"]+)"/.exec(JSON.stringify(plan.structuredContent))?.[1]
    expect((await client.callTool({ name: 'wipe', arguments: { thing: 'y', confirm } })).isError).toBe(true)
    expect((await client.callTool({ name: 'wipe', arguments: { thing: 'x', confirm } })).structuredContent).toEqual({
      wiped: 'x',
    })
  })

  it('stays up whatever goes wrong', async () => {
    const { client } = await connected(era)
    for (const how of ['known', 'defect', 'nonsense', 'token', 'abort'])
      await client.callTool({ name: 'fail', arguments: { how } })
    await expect(client.callTool({ name: 'quote', arguments: { text: 'a' } })).resolves.toMatchObject({
      structuredContent: { quoted: [{ untrusted: 'a' }] },
    })
  })
})

it('takes an answer that is not a clear yes for a no, whatever its form', async () => {
  for (const era of ['2026-07-28', '2025-11-25'] as const) {
    const { client } = await connected(era, { elicits: true })
    for (const content of [{ confirm: 'yes' }, { confirm: 1 }, {}]) {
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content }))
      const result = await client.callTool({ name: 'wipe', arguments: { thing: 'x' } }).catch(String)
      expect(JSON.stringify(result)).toMatch(/forbidden|declined|validation/i)
    }
  }
})
