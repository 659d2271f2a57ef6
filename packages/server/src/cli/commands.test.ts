import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { type BuiltCommand, builtCommand } from './test/built-command.js'

let command: BuiltCommand
beforeAll(async () => {
  command = await builtCommand()
})
afterAll(() => command.remove())

const commands = ['start', 'serve', 'login', 'logout', 'whoami', 'demo', 'stack', 'tools', 'doctor', 'call']

describe('quilt-mcp', () => {
  it.each([
    ['--version'],
    ['start', '--version'],
    ['tools', '--version'],
  ])('prints its version: %s %s', async (...args) => {
    expect(await command.run(args.filter(Boolean))).toEqual({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    })
  })

  it('lists its commands', async () => {
    const { code, stdout } = await command.run(['--help'])
    expect(code).toBe(0)
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
  })

  it.each(commands)('explains %s', async (name) => {
    const { code, stdout } = await command.run([name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Usage: quilt-mcp ${name}.*\\[flags\\]\n`))
    expect(stdout).toMatch(/^ {2}--help +Print this text\.$/m)
  })

  it.each([
    [['strat'], 'there is no command strat\nDid you mean quilt-mcp start?\n'],
    [['tools', '--jsn'], 'there is no flag --jsn\nDid you mean --json?\n'],
    [['--catalog', 'https://x'], 'there is no flag --catalog\nDid you mean --catalog-url?\n'],
    [['serve', '--port', '99999', '--registry-url', 'http://x'], /^--port: .*\nquilt-mcp --help lists/],
    [['serve'], /^serve needs to know its registry\n/],
    [['call'], 'call needs the name of a tool\nquilt-mcp tools lists them.\n'],
    [['call', 'bucket_list', '{bad'], /^the arguments are not JSON: /],
    [['stack', '--s3-port', 'x'], '--s3-port is not a port\nGive a whole number from 0 to 65535.\n'],
  ])('says what is wrong with the command line %j, and ends with 2', async (args, stderr) => {
    expect(await command.run(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: typeof stderr === 'string' ? stderr : expect.stringMatching(stderr),
    })
  })

  it('lists the tools', async () => {
    const { stdout } = await command.run(['tools'])
    expect(stdout).toMatch(/^bucket_list {2,}reads {2,}\S/m)
    const readOnly = await command.run(['tools', '--read-only', '--json'])
    const listed: { name: string; annotations: { readOnlyHint: boolean } }[] = JSON.parse(readOnly.stdout)
    expect(listed.length).toBeGreaterThan(5)
    expect(listed.every(({ annotations }) => annotations.readOnlyHint)).toBe(true)
  })

  it('calls a tool: without any settings it is unauthenticated, says what to set, and ends with 3', async () => {
    const { code, stdout, stderr } = await command.run(['call', 'bucket_list'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^unauthenticated: .*\n.*QUILT_CATALOG_URL/)
    const json = await command.run(['call', 'bucket_list', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'unauthenticated' } })
  })

  it('ends with 1 when the tool refuses', async () => {
    const { code, stderr } = await command.run(['call', 'bucket_lst'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('Did you mean bucket_list?')])
  })

  it('ends with 3 when the MCP server of --url cannot be reached', async () => {
    const { code, stderr } = await command.run(['call', 'bucket_list', '--url', 'http://127.0.0.1:9/mcp'])
    expect([code, stderr]).toEqual([3, expect.stringContaining('could not be called')])
  })

  it('shows control characters in what went wrong, and does not send them to the terminal', async () => {
    const { code, stderr } = await command.run(['\u001b]0;owned\u0007'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no command \\u001b]0;owned\\u0007\n')])
  })
})

describe('quilt-mcp start', () => {
  it('speaks MCP on stdout and nothing else, and ends with 0 when the client goes', async () => {
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }
    const child = command.start([])
    const answers: unknown[] = []
    if (!child.stdin || !child.stdout) throw new Error('the command has no stdin or stdout')
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    let log = ''
    child.stderr?.on('data', (chunk) => {
      log += chunk
    })
    const ask = async (message: object) => {
      child.stdin?.write(`${JSON.stringify(message)}\n`)
      answers.push(JSON.parse((await lines.next()).value ?? ''))
    }
    await ask(initialize)
    child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    await ask({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
    await ask({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'bucket_list', arguments: {} } })
    child.stdin.end()
    const [code] = await once(child, 'close')
    expect(answers).toMatchObject([
      { id: 1, result: { serverInfo: { name: 'quilt-mcp' } } },
      { id: 2, result: { tools: expect.arrayContaining([expect.objectContaining({ name: 'package_browse' })]) } },
      { id: 3, result: { isError: true, structuredContent: { error: { code: 'unauthenticated' } } } },
    ])
    expect([code, (await lines.next()).done]).toEqual([0, true])
    expect(JSON.parse(log)).toMatchObject({
      msg: 'tool call',
      tool: 'bucket_list',
      backend: 'unauthenticated',
      outcome: 'unauthenticated',
    })
  })
})

/** What a client gets over stdio for a call. */
async function answerTo(tool: string, env: Record<string, string>): Promise<unknown> {
  const messages = [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: tool, arguments: {} } },
  ]
  const child = command.start([], env)
  if (!child.stdin || !child.stdout) throw new Error('the command has no stdin or stdout')
  child.stdin.write(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''))
  for await (const line of createInterface({ input: child.stdout })) {
    const answer: { id: number; result: { structuredContent: unknown } } = JSON.parse(line)
    if (answer.id !== 2) continue
    child.stdin.end()
    return answer.result.structuredContent
  }
  throw new Error('there was no answer')
}

describe('quilt-mcp start, whatever its surroundings hold', () => {
  it('starts with a wrong variable, and says which', async () => {
    expect(await answerTo('catalog_status', { QUILT_CATALOG_URL: 'catalog', QUILT_API_KEY: 'qk_x' })).toMatchObject({
      signed_in: false,
      why: ['QUILT_CATALOG_URL missing: Correct it: expected an http or https URL.'],
    })
  })

  it('tells its log which it is, for whoever started it without a client', async () => {
    const { stderr } = await command.run([], { env: { FASTMCP_TRANSPORT: 'sse' } })
    expect(JSON.parse(stderr)).toMatchObject({
      setting: 'FASTMCP_TRANSPORT',
      msg: 'a setting is wrong: every call says how, quilt-mcp doctor too',
    })
  })

  it('starts with a settings file that is not there, and says so', async () => {
    expect(await answerTo('bucket_list', { QUILT_MCP_CONFIG: '/nowhere/config.yaml' })).toMatchObject({
      error: { code: 'unauthenticated', hint: expect.stringContaining('there is no file /nowhere/config.yaml') },
    })
  })

  it.each([
    [['--deployment', 'remote'], {}],
    [[], { QUILT_DEPLOYMENT: 'remote' }],
    [[], { FASTMCP_TRANSPORT: 'http' }],
  ])('serves HTTP where it is told to: %j %j', async (args, env) => {
    const child = command.start([...args, '--port', '0'], { ...env, QUILT_REGISTRY_URL: 'http://127.0.0.1:9' })
    if (!child.stdout) throw new Error('the command has no stdout')
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    expect(line).toMatch(/^MCP at http:/)
    child.kill()
    await once(child, 'exit')
  })
})

describe('quilt-mcp serve', () => {
  it.each([
    [['--backend', 'iam'], /^the iam backend knows one user, and http serves many\n/],
    [['--deployment', 'legacy'], /^the session backend knows one user, and http serves many\n/],
    [['--deployment', 'embedded'], /^the deployment embedded serves one client over stdio\n/],
  ])('serves the platform alone: %j', async (args, stderr) => {
    expect(await command.run(['serve', '--registry-url', 'http://127.0.0.1:9', ...args])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(stderr),
    })
  })

  it('has no identity of its own: the key in its environment opens nothing', async () => {
    const child = command.start(['serve', '--registry-url', 'http://127.0.0.1:9', '--port', '0'], {
      QUILT_API_KEY: 'qk_of_the_operator',
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'secret',
    })
    if (!child.stdout) throw new Error('the command has no stdout')
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const response = await fetch(/MCP at (\S+),/.exec(line)?.[1] ?? '', { method: 'POST', body: '{}' })
    expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer /),
    ])
    child.kill()
    await once(child, 'exit')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('listens, and ends cleanly at %s', async (signal) => {
    const child = command.start(['serve', '--registry-url', 'http://127.0.0.1:9', '--port', '0'])
    if (!child.stdout) throw new Error('the command has no stdout')
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const url = /MCP at (http:\S+)\/mcp,/.exec(line)?.[1]
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
