import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseQuery, type SearchRequest } from '@quilt-mcp/core'
import { expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../http/client.js'
import { platformBackend } from '../../platform.js'
import { sessionBackend } from '../../session.js'
import { faultServer } from '../../test/fault-server.js'
import { unauthenticatedBackend } from '../../unauthenticated.js'
import { foundPackage, packagesFound, playing } from './test/playing-registry.js'

const request: SearchRequest = { scope: 'packages', query: parseQuery('cells') }

async function registry() {
  const server = await faultServer(playing({ searchPackages: packagesFound([foundPackage()]) }))
  const http = createHttpClient()
  onTestFinished(() => http.close())
  return { server, http, registryUrl: server.url, token: 'secret-token' }
}

it('platform searches at the registry, as the user', async () => {
  const { server, ...options } = await registry()
  const answer = await platformBackend(options).search?.search(request)
  expect([answer?.total, server.headers[0]?.authorization]).toEqual([1, 'Bearer secret-token'])
})

it('session searches at the registry, as the user', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quilt-session-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { server, registryUrl, token, http } = await registry()
  const session = { registryUrl, folder, isDefault: true }
  const answer = await sessionBackend({ session, token, http }).search?.search(request)
  expect([answer?.total, server.headers[0]?.authorization]).toEqual([1, 'Bearer secret-token'])
})

it('unauthenticated tells how to sign in', async () => {
  const { search } = unauthenticatedBackend({ trace: [] })
  await expect(search?.search(request)).rejects.toMatchObject({ code: 'unauthenticated' })
})
