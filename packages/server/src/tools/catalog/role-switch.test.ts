import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, platformBackend, selectBackend, unauthenticatedBackend } from '@quilt-mcp/backends'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { viewOf } from '../../mcp/capabilities.js'
import { createToolRegistry } from '../../mcp/tool-registry.js'
import { allTools } from '../index.js'
import { type Client, clientOf } from '../test/world.js'

let dataDir: string
let stack: Stack
let joan: Client

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quilt-roles-'))
  stack = await startStack({ dataDir })
  const { admin } = stack
  for (const lab of ['lab-a', 'lab-b']) {
    admin.createBucket({ name: lab })
    admin.createRole({ name: lab, permissions: { [lab]: 'READ_WRITE' } })
  }
})
afterAll(async () => {
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Joan in a stack of her own each time: she is lab-a, and may be lab-b. */
beforeEach(() => {
  const { admin, registryUrl, s3Endpoint } = stack
  const name = `joan-${crypto.randomUUID()}`
  admin.createUser({ name, email: 'joan@example.com', role: 'lab-a', extraRoles: ['lab-b'] })
  joan = clientOf(platformBackend({ registryUrl, s3Endpoint, token: admin.apiKey(name) }), name)
})

const listed = (backend: Backend) =>
  createToolRegistry(allTools)
    .list({ surface: 'ours', readOnly: false, backend: viewOf(backend) })
    .map(({ name }) => name)

describe('role_switch', () => {
  it('says the role before and after, and as whom one acts now', async () => {
    expect(await joan.ok('catalog_status')).toMatchObject({ role: 'lab-a', other_roles: ['lab-b'] })
    expect(await joan.ok('role_switch', { role: 'lab-b' })).toEqual({
      before: 'lab-a',
      role: 'lab-b',
      changed: true,
      other_roles: ['lab-a'],
      by: { user: expect.stringMatching(/^joan-/), role: 'lab-b', catalog: stack.registryUrl },
      next: ['catalog_status', 'bucket_list'],
    })
    expect(await joan.ok('catalog_status')).toMatchObject({ role: 'lab-b', other_roles: ['lab-a'] })
  })

  it('changes what the other tools see and may do, with nothing left of the old role', async () => {
    const put = (bucket: string) => ({ bucket, key: crypto.randomUUID(), text: 'x' })
    await joan.ok('object_put', put('lab-a'))
    expect((await joan.fails('object_put', put('lab-b'))).code).toBe('forbidden')
    await joan.ok('role_switch', { role: 'lab-b' })
    expect((await joan.ok('bucket_list')).buckets).toEqual([{ name: 'lab-b' }])
    await joan.ok('object_put', put('lab-b'))
    expect((await joan.fails('object_put', put('lab-a'))).code).toBe('forbidden')
  })

  it('to the role that is active says so, and changes nothing', async () => {
    expect(await joan.ok('role_switch', { role: 'lab-a' })).toMatchObject({
      before: 'lab-a',
      role: 'lab-a',
      changed: false,
    })
  })

  it.each(['LAB-B', ' lab-b '])('takes %j for the one role that can be meant', async (role) => {
    expect(await joan.ok('role_switch', { role })).toMatchObject({ role: 'lab-b', changed: true })
  })

  it.each([
    'admins',
    'lab',
    '',
  ])('refuses %j, which is none of the roles that the user has, and names these', async (role) => {
    expect(await joan.fails('role_switch', { role })).toMatchObject({
      code: 'invalid_input',
      message: `You do not have the role ${JSON.stringify(role)}`,
      hint: 'Your roles: lab-a, lab-b. An administrator gives others.',
      details: { roles: ['lab-a', 'lab-b'] },
    })
    expect(await joan.ok('catalog_status')).toMatchObject({ role: 'lab-a' })
  })

  it('is listed where roles can be switched, and where nobody is signed in, who is told so', async () => {
    const local = await selectBackend({
      backend: 'local',
      surroundings: { env: {}, homeDir: dataDir, platform: 'linux' },
      localRegistry: join(dataDir, 'registry'),
    })
    expect([listed(joan.backend).includes('role_switch'), listed(local).includes('role_switch')]).toEqual([true, false])
    expect(await clientOf(local, 'local').fails('role_switch', { role: 'lab-a' })).toMatchObject({
      code: 'unsupported',
    })
    const nobody = unauthenticatedBackend({ trace: [] })
    expect(listed(nobody)).toContain('role_switch')
    expect(await clientOf(nobody, 'nobody').fails('role_switch', { role: 'a' })).toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('is closed on a read-only server', () => {
    const names = createToolRegistry(allTools)
      .list({ surface: 'ours', readOnly: true })
      .map(({ name }) => name)
    expect(names).not.toContain('role_switch')
  })
})
