import { expect, it } from 'vitest'
import { selectBackend } from './select.js'

it('chooses the platform when a stack and a token are set, and says why', async () => {
  const backend = await selectBackend({ catalogUrl: 'https://catalog.example.com/', token: 'qk_secret' })
  expect(backend.name).toBe('platform')
  expect(backend.trace?.map(({ looked, outcome }) => [looked, outcome])).toEqual([
    ['QUILT_CATALOG_URL', 'found'],
    ['QUILT_API_KEY', 'found'],
    ['platform', 'chosen'],
  ])
  expect(JSON.stringify(backend.trace)).not.toContain('qk_secret')
})

it.each([
  [{}, /QUILT_CATALOG_URL.*QUILT_API_KEY/s],
  [{ registryUrl: 'https://registry.example.com' }, /QUILT_API_KEY/],
  [{ token: 'qk_x', registryUrl: '' }, /QUILT_REGISTRY_URL/],
])('with %j every call says what to set', async (options, hint) => {
  const backend = await selectBackend(options)
  expect(backend.name).toBe('unauthenticated')
  const refusal = { code: 'unauthenticated', hint: expect.stringMatching(hint) }
  await expect(backend.identity()).rejects.toMatchObject(refusal)
  await expect(backend.buckets.list()).rejects.toMatchObject(refusal)
  await expect(backend.objects.info({ bucket: 'b', key: 'k' })).rejects.toMatchObject(refusal)
  await expect(backend.packages.resolve({ bucket: 'b', name: 'a/b' })).rejects.toMatchObject(refusal)
  await backend.close()
})

it.each([
  'catalog.example.com',
  'ftp://catalog.example.com',
  'https://me@catalog.example.com',
  'https://catalog.example.com/?x',
])('refuses the URL %s', async (catalogUrl) => {
  await expect(selectBackend({ catalogUrl, token: 'qk_x' })).rejects.toMatchObject({ code: 'invalid_input' })
})
