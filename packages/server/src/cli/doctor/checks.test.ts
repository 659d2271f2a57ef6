import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, selectBackend } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { expect, it, onTestFinished } from 'vitest'
import { checkBackend } from './checks.js'

/** A backend that works: files in an empty folder. */
async function aBackend(): Promise<Backend> {
  const homeDir = mkdtempSync(join(tmpdir(), 'quilt-mcp-checks-'))
  onTestFinished(() => rmSync(homeDir, { recursive: true }))
  return selectBackend({ backend: 'local', surroundings: { env: {}, homeDir, platform: 'linux' } })
}

it('finds nothing wrong with what works', async () => {
  expect(await checkBackend(await aBackend())).toEqual([
    { name: 'sign-in', outcome: 'ok', message: 'local: no user' },
    { name: 'object access', outcome: 'ok', message: 'files on this machine' },
    { name: 'buckets', outcome: 'ok', message: '1' },
    { name: 'bucket local', outcome: 'ok', message: 'has no packages yet' },
  ])
})

it('warns of a bucket that keeps no versions, and says how to turn that on', async () => {
  const backend = await aBackend()
  const buckets = { ...backend.buckets, get: async (name: string) => ({ name, versioned: false }) }
  expect((await checkBackend({ ...backend, buckets })).at(-1)).toEqual({
    name: 'bucket local',
    outcome: 'warning',
    message: 'has no packages yet; it keeps no versions: a package shows other bytes once its objects are overwritten',
    fix: 'Turn versioning on: aws s3api put-bucket-versioning --bucket local --versioning-configuration Status=Enabled',
  })
})

it('warns when there is no bucket, and when the registry gives no credentials', async () => {
  const backend = await aBackend()
  const checks = await checkBackend({
    ...backend,
    identity: async () => ({ backend: 'platform', user: { name: 'ada' }, role: 'labs', objectAccess: 'browse-only' }),
    buckets: { ...backend.buckets, list: async () => ({ items: [] }) },
  })
  expect(checks).toMatchObject([
    { name: 'sign-in', outcome: 'ok', message: 'platform: ada, role labs' },
    { name: 'object access', outcome: 'warning', fix: expect.stringContaining('administrator') },
    { name: 'buckets', outcome: 'warning', fix: expect.stringContaining('--registry s3://bucket') },
  ])
})

it('goes on with the other buckets when one cannot be read', async () => {
  const backend = await aBackend()
  const buckets = {
    ...backend.buckets,
    list: async () => ({ items: [{ name: 'closed' }, { name: 'local' }] }),
    async get(name: string) {
      if (name === 'local') return { name }
      throw new QuiltError('forbidden', 'You may not read closed', { hint: 'Ask for a role that may.' })
    },
  }
  expect((await checkBackend({ ...backend, buckets })).slice(-2)).toEqual([
    { name: 'bucket closed', outcome: 'failed', message: 'You may not read closed', fix: 'Ask for a role that may.' },
    { name: 'bucket local', outcome: 'ok', message: 'has no packages yet' },
  ])
})

it('says that nobody is signed in where the sign-in is over', async () => {
  const backend = await aBackend()
  const over = new QuiltError('unauthenticated', 'The session is over', { hint: 'Run quilt-mcp login.' })
  expect(await checkBackend({ ...backend, identity: () => Promise.reject(over) })).toEqual([
    { name: 'sign-in', outcome: 'failed', message: 'The session is over', fix: 'Run quilt-mcp login.' },
  ])
})

it('goes on where the public may read, and warns that this is all', async () => {
  const backend = await aBackend()
  const nobody = new QuiltError('unauthenticated', 'This machine has no AWS credentials', {
    hint: 'Set AWS_PROFILE.',
    details: { reason: 'no-aws-credentials' },
  })
  expect(await checkBackend({ ...backend, identity: () => Promise.reject(nobody) })).toMatchObject([
    { name: 'sign-in', outcome: 'warning', fix: 'Set AWS_PROFILE.' },
    { name: 'buckets', outcome: 'ok' },
    { name: 'bucket local', outcome: 'ok' },
  ])
})
