// A sound stack whose exchange of tokens for AWS credentials is broken: who is asking is still told, and what can be read is read.
import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Backend } from './backend.js'
import { createHttpClient } from './http/client.js'
import { bytesOf, refusalOf, refusalsOf } from './test/collect.js'
import { type Answer, hangUp, json, silence, text, webPage } from './test/fault-server.js'
import { linkOf } from './test/links.js'
import { startWorld } from './test/world.js'

/** Ada on a real stack, behind a proxy that answers the exchange by itself. */
async function adaBehind(exchange: Answer): Promise<Backend> {
  const world = await startWorld()
  onTestFinished(() => world.close())
  const { stack } = world
  const direct = await world.backendOf('ada')
  const { versionId } = await direct.objects.put({ bucket: 'lab-a', key: 'a.txt' }, Buffer.from('hello'))
  const entries = [{ logicalKey: 'a.txt', physicalKey: `s3://lab-a/a.txt?versionId=${versionId}` }]
  await direct.packages.push({ bucket: 'lab-a', name: 'ada/data', entries, message: null })
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    const passOn = async () => {
      const { authorization = '', cookie = '', 'content-type': contentType = 'text/plain' } = request.headers
      const answer = await fetch(`${stack.registryUrl}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { 'content-type': contentType, ...(authorization && { authorization }), ...(cookie && { cookie }) },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        redirect: 'manual',
      })
      const named = ['content-type', 'location', 'set-cookie'].flatMap((name) => {
        const value = answer.headers.get(name)
        return value === null ? [] : [[name, value] as const]
      })
      response.writeHead(answer.status, Object.fromEntries(named)).end(Buffer.from(await answer.arrayBuffer()))
    }
    request.on('end', () => {
      if (request.url === '/api/auth/get_credentials') exchange(request, response, '')
      else void passOn()
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const http = createHttpClient({ pauseMs: 1, timeoutsMs: exchange === silence ? { quick: 300 } : {} })
  onTestFinished(async () => {
    await http.close()
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  })
  const registryUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return world.backendOf('ada', { registryUrl, http })
}

describe('a broken exchange', () => {
  it.each([
    ['HTTP 500', json({ message: 'oops' }, 500), 'upstream'],
    ['HTTP 503 as a web page', webPage(503), 'upstream'],
    ['HTTP 504', text('', 504), 'timeout'],
    ['HTTP 429', text('', 429), 'rate_limited'],
    ['a lost connection', hangUp, 'upstream'],
    ['silence', silence, 'timeout'],
    ['an answer without credentials', json({}), 'upstream'],
  ])('%s: user and role are told, packages are read by browsing, objects stay closed', async (_fault, exchange, code) => {
    const ada = await adaBehind(exchange)
    expect(await ada.identity()).toMatchObject({ user: { name: 'ada' }, role: 'lab-a', objectAccess: 'browse-only' })
    const reader = await ada.packages.open(await ada.packages.resolve({ bucket: 'lab-a', name: 'ada/data' }))
    expect((await bytesOf((await reader.read('a.txt')).body)).toString()).toBe('hello')
    const object = { bucket: 'lab-a', key: 'a.txt' }
    const { objects } = ada
    const closed = [objects.list('lab-a'), objects.info(object), objects.read(object), linkOf(ada, object)]
    for (const error of await refusalsOf([...closed, objects.put(object, Buffer.from('x'))]))
      expect(error.code).toBe(code)
    await ada.close()
  })

  it('HTTP 401: the token is dead, and nothing else is said of it', async () => {
    const ada = await adaBehind(json({ message: 'Unauthorized' }, 401))
    expect((await refusalOf(ada.identity())).code).toBe('unauthenticated')
  })
})
