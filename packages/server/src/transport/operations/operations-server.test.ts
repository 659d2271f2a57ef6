import { QuiltError } from '@quilt-mcp/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OperationsServer, operationsServer } from './operations-server.js'

let server: OperationsServer
let problem: QuiltError | undefined
const readiness = { check: () => Promise.resolve(problem), drain: () => {} }
const metrics = { text: () => 'a_total 1\n' }

beforeEach(async () => {
  problem = undefined
  server = await operationsServer({ host: '127.0.0.1', port: 0, readiness, metrics })
})
afterEach(() => server.close())

const get = async (path: string, method = 'GET') => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  return [response.status, response.headers.get('Content-Type'), await response.text()]
}
const json = 'application/json'

describe('the port for operations', () => {
  it.each([
    ['/healthz', [200, json, '{"status":"ok"}']],
    ['/healthz?verbose', [200, json, '{"status":"ok"}']],
    ['/readyz', [200, json, '{"status":"ready"}']],
    ['/metrics', [200, 'text/plain; version=0.0.4; charset=utf-8', 'a_total 1\n']],
    ['/mcp', [404, json, expect.stringContaining('"code":"not_found"')]],
  ])('answers %s', async (path, answer) => {
    expect(await get(path)).toEqual(answer)
  })

  it('is alive, but not ready, when the registry is down, and says why', async () => {
    problem = new QuiltError('upstream', 'the registry is down')
    expect((await get('/healthz'))[0]).toBe(200)
    expect(await get('/readyz')).toEqual([503, json, expect.stringContaining('the registry is down')])
  })

  it('answers HEAD without a body, and takes nothing else', async () => {
    expect(await get('/healthz', 'HEAD')).toEqual([200, json, ''])
    expect((await get('/healthz', 'POST'))[0]).toBe(405)
  })

  it('says so when its port is taken', async () => {
    const second = operationsServer({ host: '127.0.0.1', port: server.port, readiness })
    await expect(second).rejects.toMatchObject({ code: 'unsupported', hint: expect.stringContaining('--metrics-port') })
  })
})
