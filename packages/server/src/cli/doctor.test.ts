import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '@quilt-mcp/stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltCommand, builtCommand } from './test/built-command.js'

let command: BuiltCommand
let home: string
beforeAll(async () => {
  command = await builtCommand()
  home = await mkdtemp(join(tmpdir(), 'quilt-mcp-doctor-'))
})
afterAll(async () => {
  await command.remove()
  await rm(home, { recursive: true })
})

const doctor = (args: readonly string[], env: Record<string, string> = {}) =>
  command.run(['doctor', ...args], { env: { HOME: home, ...env } })
const report = async (env: Record<string, string> = {}) => {
  const { code, stdout } = await doctor(['--json'], env)
  return { code, ...JSON.parse(stdout) }
}

describe('quilt-mcp doctor', () => {
  it('says what to do on a machine without anything, one fix a line, and ends with 3', async () => {
    const { code, stdout, stderr } = await doctor([])
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
    expect(stdout).toMatch(/^Backend: unauthenticated$/m)
    expect(stdout).toMatch(/^ {2}missing +QUILT_API_KEY +Set QUILT_API_KEY to an API key/m)
    expect(stdout).toMatch(/^ {2}failed +sign-in: no way to Quilt data was found\n +Fix: Follow one of the lines/m)
  })

  it('prints settings with their origin, and no secret', async () => {
    const { stdout } = await doctor(['--port', '9001'], {
      QUILT_API_KEY: 'qk_secret',
      QUILT_CATALOG_URL: 'http://127.0.0.1:9',
    })
    expect(stdout).not.toContain('qk_secret')
    expect(stdout).toMatch(/^ {2}token +\(set\) +QUILT_API_KEY$/m)
    expect(stdout).toMatch(/^ {2}port +9001 +--port$/m)
    expect(stdout).toMatch(/^ {2}failed +sign-in: .*ECONNREFUSED.*\n +Fix: Nothing listens there/m)
  })

  it('says the same as data', async () => {
    const found = await report({ QUILT_DEPLOYMENT: 'local', QUILT_DISABLE_QUILT3_SESSION: '1' })
    expect(found).toMatchObject({
      code: 3,
      backend: 'unauthenticated',
      ok: false,
      settings: expect.arrayContaining([
        {
          name: 'backend',
          value: 'auto',
          origin: 'QUILT_DEPLOYMENT local',
          flag: '--backend',
          env: ['QUILT_BACKEND'],
        },
        expect.objectContaining({ name: 'disableSession', value: true, origin: 'QUILT_DISABLE_QUILT3_SESSION' }),
      ]),
      checks: [{ name: 'sign-in', outcome: 'failed' }],
    })
    expect(found.settings.find(({ name }: { name: string }) => name === 'token')).not.toHaveProperty('value')
  })

  it('checks the backend that serves, each bucket of it, and ends with 0 when all is well', async () => {
    const dataDir = join(home, 'stack')
    const stack = await startStack({ dataDir })
    try {
      stack.admin.createBucket({ name: 'lab-a' })
      stack.admin.createRole({ name: 'labs', permissions: { 'lab-a': 'READ_WRITE' } })
      stack.admin.createUser({ name: 'ada', email: 'ada@example.com', password: 'pw', role: 'labs' })
      const found = await report({
        QUILT_REGISTRY_URL: stack.registryUrl,
        QUILT_API_KEY: stack.admin.apiKey('ada'),
        AWS_ENDPOINT_URL_S3: stack.s3Endpoint,
      })
      expect(found).toMatchObject({
        code: 0,
        ok: true,
        backend: 'platform',
        trace: expect.arrayContaining([expect.objectContaining({ looked: 'platform', outcome: 'chosen' })]),
        checks: [
          { name: 'sign-in', outcome: 'ok', message: expect.stringMatching(/^platform: ada, role labs, /) },
          { name: 'object access', outcome: 'ok' },
          { name: 'buckets', outcome: 'ok', message: '1' },
          { name: 'bucket lab-a', outcome: 'ok', message: 'has no packages yet' },
        ],
      })
    } finally {
      await stack.close()
    }
  })

  it('warns of a token in a file that others may read', async () => {
    const folder = join(home, '.config', 'quilt-mcp')
    await mkdir(folder, { recursive: true })
    const path = join(folder, 'config.yaml')
    await writeFile(path, 'token: qk_secret\n', { mode: 0o644 })
    const { checks } = await report()
    expect(checks).toContainEqual({
      name: 'settings file',
      outcome: 'warning',
      message: `${path} holds a token, and others on this machine may read it`,
      fix: `chmod 600 ${path}`,
    })
    await rm(path)
  })
})
