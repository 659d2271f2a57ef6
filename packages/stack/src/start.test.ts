import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startStack } from './start.js'

let parent: string
let dataDir: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'quilt-start-'))
  dataDir = join(parent, 'stack')
})
afterEach(() => rmSync(parent, { recursive: true }))

const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
    return 'done'
  } catch (error) {
    return error instanceof QuiltError ? error.code : error
  }
}

describe('startStack', () => {
  it('finds users, keys and sessions again on the same folder', async () => {
    const first = await startStack({ dataDir })
    first.admin.createRole({ name: 'analyst', permissions: { 'lab-a': 'READ' } })
    first.admin.createUser({ name: 'ada', email: 'ada@example.com', role: 'analyst' })
    const tokens = [first.admin.apiKey('ada'), await first.admin.sessionToken('ada')]
    await first.close()
    const second = await startStack({ dataDir })
    for (const token of tokens) {
      const answer = await fetch(`${second.registryUrl}/api/me`, { headers: { authorization: `Bearer ${token}` } })
      expect(await answer.json()).toMatchObject({ name: 'ada', role: 'analyst' })
    }
    await second.close()
  })

  it('listens on 127.0.0.1 and keeps the folder for its owner', async () => {
    const stack = await startStack({ dataDir })
    expect(new URL(stack.registryUrl).hostname).toBe('127.0.0.1')
    expect(new URL(stack.s3Endpoint).hostname).toBe('127.0.0.1')
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    await stack.close()
  })

  it('refuses a folder that another stack has open, and leaves that one at work', async () => {
    const stack = await startStack({ dataDir })
    expect(await codeOf(startStack({ dataDir }))).toBe('conflict')
    expect((await fetch(stack.registryUrl)).status).toBe(200)
    await stack.close()
  })

  it('refuses a port that is taken, and lets go of the folder', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const registryPort = typeof address === 'object' && address !== null ? address.port : 0
    expect(await codeOf(startStack({ dataDir, registryPort }))).toBe('conflict')
    other.close()
    await (await startStack({ dataDir })).close()
  })

  it('stops answering once it is closed', async () => {
    const stack = await startStack({ dataDir })
    await fetch(stack.registryUrl)
    await stack.close()
    await expect(fetch(stack.registryUrl)).rejects.toThrow()
  })
})
