import { createServer } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from './client.js'
import { isLoopback } from './dispatcher.js'

it.each(['localhost', 'app.localhost', '127.0.0.1', '127.8.9.10', '[::1]'])('takes %s for this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

it.each([
  'example.com',
  '10.0.0.1',
  'localhost.example.com',
  '127.0.0.1.example.com',
  '[::2]',
])('takes %s for another machine', (host) => {
  expect(isLoopback(host)).toBe(false)
})

it('asks the proxy of the environment for a tunnel to any other machine', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const before = process.env.HTTPS_PROXY
  process.env.HTTPS_PROXY = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const http = createHttpClient({ attempts: 1 })
  onTestFinished(async () => {
    if (before === undefined) delete process.env.HTTPS_PROXY
    else process.env.HTTPS_PROXY = before
    await http.close()
    await new Promise((resolve) => proxy.close(resolve))
  })
  const request = {
    method: 'GET',
    url: new URL('https://registry.invalid/'),
    kind: 'quick',
    idempotent: true,
    peer: 'it',
  } as const
  await expect(http.send(request)).rejects.toMatchObject({ code: 'upstream' })
  expect(asked).toEqual(['CONNECT registry.invalid:443'])
})
