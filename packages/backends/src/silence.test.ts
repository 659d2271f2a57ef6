// A registry and an S3 that take every request and never answer: each call ends by itself, and says what to do next.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Backend } from './backend.js'
import type { CallOptions } from './call-options.js'
import { createHttpClient } from './http/client.js'
import type { Revision } from './packages/port.js'
import { platformBackend } from './platform.js'
import { refusalOf } from './test/collect.js'
import { type FaultServer, faultServer, silence } from './test/fault-server.js'
import { linkOf } from './test/links.js'

const object = { bucket: 'data', key: 'a.txt' }
const ref = { bucket: 'data', name: 'a/b' }
const revision: Revision = { ...ref, topHash: 'f'.repeat(64) }
const plan = { ...ref, message: null, entries: [] }

const calls: readonly (readonly [string, (backend: Backend, options: CallOptions) => Promise<unknown>])[] = [
  ['identity', (backend, options) => backend.identity(options)],
  ['buckets.list', (backend, options) => backend.buckets.list(options)],
  ['buckets.get', (backend, options) => backend.buckets.get('data', options)],
  ['objects.list', (backend, options) => backend.objects.list('data', options)],
  ['objects.info', (backend, options) => backend.objects.info(object, options)],
  ['objects.read', (backend, options) => backend.objects.read(object, options)],
  ['links.link', (backend, options) => linkOf(backend, object, options)],
  ['objects.put', (backend, options) => backend.objects.put(object, Buffer.from('x'), options)],
  ['uploads.begin', async (backend, options) => backend.uploads?.begin(object, { size: 1, ...options })],
  ['packages.list', (backend, options) => backend.packages.list('data', options)],
  ['packages.revisions', (backend, options) => backend.packages.revisions(ref, options)],
  ['packages.resolve', (backend, options) => backend.packages.resolve(ref, 'latest', options)],
  ['packages.open', (backend, options) => backend.packages.open(revision, options)],
  ['packages.push', (backend, options) => backend.packages.push(plan, options)],
  ['packages.remove', (backend, options) => backend.packages.remove(ref, options)],
]

async function silentWorld(limitMs: number): Promise<{ readonly backend: Backend; readonly server: FaultServer }> {
  const server = await faultServer(silence)
  const http = createHttpClient({ timeoutsMs: { quick: limitMs, slow: limitMs, write: limitMs, stream: limitMs } })
  onTestFinished(() => http.close())
  return { backend: platformBackend({ registryUrl: server.url, s3Endpoint: server.url, token: 't', http }), server }
}

describe('a stack that never answers', () => {
  it.each(calls)('ends %s with a timeout and a next step', async (_name, call) => {
    const { backend } = await silentWorld(50)
    const error = await refusalOf(call(backend, {}))
    expect([error.code, error.retryable]).toEqual(['timeout', true])
    expect(error.message).toContain('within 1 s')
    expect(error.hint).toBe('Try again later, or ask for less at once.')
  })

  it.each(calls)('lets the caller leave %s at once, with the reason given', async (_name, call) => {
    const { backend } = await silentWorld(60_000)
    const controller = new AbortController()
    const reason = new Error('the user left')
    const left = call(backend, { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 20)
    await expect(left).rejects.toBe(reason)
  })

  it('is not even asked by a caller who has left already', async () => {
    const { backend, server } = await silentWorld(60_000)
    const reason = new Error('the user left')
    for (const [, call] of calls)
      await expect(call(backend, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(server.requests.filter((request) => request.startsWith('POST'))).toEqual([])
  })
})
