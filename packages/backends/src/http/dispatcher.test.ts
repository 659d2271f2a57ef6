import { expect, it } from 'vitest'
import { behindProxy } from '../test/proxy.js'
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
  const { http, asked } = await behindProxy()
  const request = {
    method: 'GET',
    url: new URL('https://registry.invalid/'),
    kind: 'quick',
    idempotent: true,
    peer: 'it',
  } as const
  await expect(http.send(request)).rejects.toMatchObject({ code: 'upstream' })
  expect(asked).toEqual(['registry.invalid:443'])
})
