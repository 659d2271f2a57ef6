// Signing in by the real command, at the real stack, in a home of its own.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltCommand, builtCommand } from './test/built-command.js'

let command: BuiltCommand
let stack: Stack
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quilt-mcp-login-'))
  command = await builtCommand()
  stack = await startStack({ dataDir: join(folder, 'stack') })
  stack.admin.createBucket({ name: 'lab-a' })
  stack.admin.createRole({ name: 'analysts', permissions: { 'lab-a': 'READ_WRITE' } })
  stack.admin.createUser({ name: 'ada', email: 'ada@example.com', role: 'analysts' })
})
afterAll(async () => {
  await stack.close()
  await command.remove()
  await rm(folder, { recursive: true })
})

/** The command in one home folder. */
function at(home: string) {
  const HOME = join(folder, home)
  const XDG_DATA_HOME = join(HOME, 'data')
  return {
    quilt: join(XDG_DATA_HOME, 'Quilt'),
    run: (args: readonly string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) =>
      command.run(args, { input, env: { HOME, XDG_DATA_HOME, ...env } }),
  }
}

describe('quilt-mcp login', () => {
  it('signs in with a piped code, and says as whom and where that is kept', async () => {
    const { run, quilt } = at('signs-in')
    const code = stack.admin.refreshToken('ada')
    expect(await run(['login', stack.registryUrl, '--code', '-'], { input: `${code}\n` })).toEqual({
      code: 0,
      stdout: `Signed in to ${stack.registryUrl} as ada, role analysts.\nKept in ${quilt}, for quilt3 too.\n`,
      stderr: '',
    })
    expect(JSON.parse(await readFile(join(quilt, 'auth.json'), 'utf8'))).toHaveProperty([stack.registryUrl])
  })

  it('says that a token in the environment goes before it, and writes none down', async () => {
    const { run, quilt } = at('has-a-key')
    const input = stack.admin.refreshToken('ada')
    const QUILT_API_KEY = stack.admin.apiKey('ada')
    const env = { QUILT_API_KEY, QUILT_CATALOG_URL: stack.registryUrl, QUILT_DISABLE_QUILT3_SESSION: '1' }
    const { stdout } = await run(['login', '--code', '-'], { input, env })
    expect(stdout).toMatch(/\nNote: QUILT_API_KEY is set, and goes before this sign-in\.\nNote: QUILT_DISABLE_QUILT3_/)
    for (const name of ['auth.json', 'config.yml', 'credentials.json'])
      expect(await readFile(join(quilt, name), 'utf8')).not.toContain(QUILT_API_KEY)
  })

  it.each([
    [['login'], 2, 'nobody can type the code here\nRun this in a terminal, or pipe the code with --code -.\n'],
    [['login', 'a', 'b'], 2, 'there is one word too many: b\nlogin takes the address of one catalog.\n'],
    [['login', '--code', 'SECRET'], 2, /^--code takes no code, only -\n/],
    [['login', '--code', '-'], 1, /^it is not known where to sign in\nName your catalog: quilt-mcp login https:/],
    [['login', 'http://127.0.0.1:9', '--code', '-'], 3, /ECONNREFUSED/],
    [['login', 'ftp://x', '--code', '-'], 1, /^the catalog URL is not the URL of a Quilt stack\n/],
  ])('%j ends with %i', async (args, code, stderr) => {
    const ended = await at('wrong').run(args, { input: 'x' })
    expect(ended).toEqual({
      code,
      stdout: '',
      stderr: typeof stderr === 'string' ? stderr : expect.stringMatching(stderr),
    })
    expect(ended.stderr).not.toContain('SECRET')
  })

  it('says so when the code is not taken, and ends with 3', async () => {
    const { code, stderr } = await at('refused').run(['login', stack.registryUrl, '--code', '-'], { input: 'used' })
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^The registry did not take the sign-in code .*\nA code is/),
    ])
  })

  it('takes no API key for a code', async () => {
    const { code, stderr } = await at('refused').run(['login', stack.registryUrl, '--code', '-'], { input: 'qk_x' })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^this is an API key.*\n.*QUILT_API_KEY/)])
  })
})

describe('quilt-mcp whoami', () => {
  it('says as whom the tools act', async () => {
    const env = { QUILT_API_KEY: stack.admin.apiKey('ada'), QUILT_CATALOG_URL: stack.registryUrl }
    const { run } = at('whoami')
    const { code, stdout } = await run(['whoami'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      new RegExp(`^user {6}ada <ada@example.com>\nrole {6}analysts\ncatalog {3}${stack.registryUrl}\n`),
    )
    const { stdout: json } = await run(['whoami', '--json'], { env })
    expect(JSON.parse(json)).toMatchObject({ backend: 'platform', role: 'analysts', user: { name: 'ada' } })
  })

  it('finds the sign-in by itself, unless that is switched off', async () => {
    const { run } = at('finds-itself')
    await run(['login', stack.registryUrl, '--code', '-'], { input: stack.admin.refreshToken('ada') })
    expect((await run(['whoami'])).stdout).toMatch(/\nbackend {3}session: You are signed in\.\n$/)
    const off = await run(['whoami'], { env: { QUILT_DISABLE_QUILT3_SESSION: '1' } })
    expect([off.code, off.stderr]).toEqual([3, expect.stringContaining('QUILT_DISABLE_QUILT3_SESSION')])
  })

  it('says what to do when nobody is signed in, and ends with 3', async () => {
    const { code, stdout, stderr } = await at('nobody').run(['whoami'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/QUILT_API_KEY/)
  })
})

describe('quilt-mcp logout', () => {
  it('ends the sign-in', async () => {
    const { run, quilt } = at('leaves')
    await run(['login', stack.registryUrl, '--code', '-'], { input: stack.admin.refreshToken('ada') })
    expect(await run(['logout'])).toEqual({ code: 0, stdout: `Signed out (${quilt}).\n`, stderr: '' })
    expect(await readFile(join(quilt, 'auth.json'), 'utf8')).toBe('{}')
    expect((await run(['logout'])).stdout).toBe('Nobody was signed in.\n')
  })
})
