// The whole command on machines of a user: what is there decides who serves, without a single setting.
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type BuiltCommand, builtCommand } from './test/built-command.js'

let command: BuiltCommand
let stack: Stack
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quilt-mcp-ways-'))
  const started = await Promise.all([builtCommand(), startStack({ dataDir: join(folder, 'stack') })])
  command = started[0]
  stack = started[1]
  stack.admin.createBucket({ name: 'lab-a' })
  stack.admin.createRole({ name: 'labs', permissions: { 'lab-a': 'READ_WRITE' } })
  stack.admin.createUser({ name: 'ada', email: 'ada@example.com', password: 'pw', role: 'labs' })
})
afterAll(async () => {
  await command.remove()
  await stack.close()
  await rm(folder, { recursive: true })
})

type Env = Record<string, string>
const aHome = async (): Promise<string> => mkdtemp(join(folder, 'home-'))

const answerShape = z.object({
  id: z.number(),
  result: z.looseObject({
    tools: z.array(z.object({ name: z.string() })).optional(),
    structuredContent: z.looseObject({}).optional(),
  }),
})
type Answer = z.output<typeof answerShape>['result']

/** A client on stdio: asks one thing after the other. */
function connect(env: Env) {
  const child = command.start([], env)
  onTestFinished(async () => {
    child.stdin?.end()
    await once(child, 'close')
  })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('the command has no stdin or stdout')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const write = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let id = 0
  const ask = async (method: string, params: object = {}): Promise<Answer> => {
    write({ id: ++id, method, params })
    return answerShape.parse(JSON.parse((await lines.next()).value ?? '')).result
  }
  return {
    async initialize() {
      const clientInfo = { name: 'test', version: '1' }
      await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
      write({ method: 'notifications/initialized' })
    },
    tools: async () => (await ask('tools/list')).tools?.map(({ name }) => name),
    call: async (name: string, args: object = {}) =>
      (await ask('tools/call', { name, arguments: args })).structuredContent,
  }
}

const aPackage = {
  package: 'study/cells',
  message: 'Wells',
  entries: [{ logical_key: 'cells.csv', text: 'well,cells\nA1,10\n' }],
}

describe('a machine with nothing', () => {
  it('lists the tools, says in catalog_status what to do, and takes up what is there later without a restart', async () => {
    const home = await aHome()
    const client = connect({ HOME: home })
    await client.initialize()
    expect(await client.tools()).toEqual(expect.arrayContaining(['catalog_status', 'object_link', 'package_browse']))
    expect(await client.call('catalog_status')).toMatchObject({
      signed_in: false,
      backend: 'unauthenticated',
      why: [
        expect.stringMatching(/^QUILT_CATALOG_URL, QUILT_REGISTRY_URL missing: Set /),
        expect.stringMatching(/^QUILT_API_KEY missing: Set /),
        expect.stringMatching(/^Quilt session missing: .* run quilt-mcp login/),
        expect.stringMatching(/^AWS credentials missing: Set AWS_PROFILE/),
        expect.stringMatching(/^QUILT_LOCAL_REGISTRY missing: There is no local registry at /),
      ],
    })
    await mkdir(join(home, '.local/share/Quilt/packages/.quilt'), { recursive: true })
    expect(await client.call('bucket_list')).toMatchObject({ buckets: [{ name: 'local' }] })
  })
})

describe('a machine with a local registry', () => {
  it('serves it at once, without the tools that need an address of objects', async () => {
    const HOME = await aHome()
    const made = await command.run(
      ['call', 'package_create', JSON.stringify({ ...aPackage, bucket: 'local' }), '--backend', 'local'],
      { env: { HOME } },
    )
    expect(made.stderr).toBe('')
    const client = connect({ HOME })
    await client.initialize()
    expect(await client.tools()).not.toContain('object_link')
    expect(await client.call('package_browse', { package: 'study/cells', bucket: 'local' })).toMatchObject({
      items: [{ name: 'cells.csv', type: 'file', size: 17 }],
    })
    expect(await client.call('object_link', { uri: 's3://local/study/cells/cells.csv' })).toMatchObject({
      error: {
        code: 'unsupported',
        message: 'object_link needs links, which the local backend does not have',
        hint: expect.stringContaining('The session backend can: run quilt-mcp login.'),
      },
    })
  })
})

describe('a machine with AWS credentials', () => {
  it('works on the buckets that are named, with the credentials of its environment', async () => {
    const answer = await fetch(`${stack.registryUrl}/api/auth/get_credentials`, {
      headers: { authorization: `Bearer ${stack.admin.apiKey('ada')}` },
    })
    const keys = z
      .object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })
      .parse(await answer.json())
    const client = connect({
      HOME: await aHome(),
      AWS_ACCESS_KEY_ID: keys.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
      AWS_SESSION_TOKEN: keys.SessionToken,
      AWS_ENDPOINT_URL: stack.s3Endpoint,
      QUILT_BUCKETS: 'lab-a',
    })
    await client.initialize()
    expect(await client.tools()).toContain('object_link')
    expect(await client.call('package_create', { ...aPackage, package: 'study/iam', bucket: 'lab-a' })).toMatchObject({
      package: 'study/iam',
      entries: 1,
    })
    expect(await client.call('catalog_status')).toMatchObject({
      backend: 'iam',
      why: expect.arrayContaining(['iam chosen: There are AWS credentials.']),
    })
  })
})

describe('a machine with a Quilt session', () => {
  it('works as the user who signed in, and finds the catalog', async () => {
    const HOME = await aHome()
    const { stdout } = await command.run(['login', stack.registryUrl, '--code', '-'], {
      env: { HOME },
      input: `${stack.admin.refreshToken('ada')}\n`,
    })
    expect(stdout).toMatch(/^Signed in to .* as ada, role labs\.\n/)
    const client = connect({ HOME, AWS_ENDPOINT_URL_S3: stack.s3Endpoint })
    await client.initialize()
    expect(await client.call('package_create', { ...aPackage, package: 'study/own', bucket: 'lab-a' })).toMatchObject({
      package: 'study/own',
      by: { user: 'ada', role: 'labs' },
      url: expect.stringContaining('/b/lab-a/packages/study/own/tree/'),
    })
  })
})

describe('the deployment embedded', () => {
  it('serves a stack with sample data from inside the process, to one process at a time', async () => {
    const env = { HOME: await aHome(), QUILT_DEPLOYMENT: 'embedded', QUILT_CATALOG_URL: 'http://127.0.0.1:9' }
    const client = connect(env)
    await client.initialize()
    expect(await client.call('package_list', { bucket: 'demo-climate' })).toMatchObject({
      packages: expect.arrayContaining([expect.objectContaining({ name: expect.stringContaining('/') })]),
    })
    expect(await client.call('catalog_status')).toMatchObject({
      user: 'ada',
      why: [expect.stringMatching(/^QUILT_DEPLOYMENT found: embedded: a stack inside this process/), expect.anything()],
    })
    const second = await command.run(['call', 'bucket_list'], { env })
    expect([second.code, second.stderr]).toEqual([1, expect.stringMatching(/^conflict: /)])
  })
})
