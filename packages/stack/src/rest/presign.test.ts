import { describe, expect, it } from 'vitest'
import { startLoopback } from '../s3/test/loopback.js'
import { presignedUrl } from './presign.js'

describe('presignedUrl', () => {
  it.each([
    'plain.txt',
    'a b/c+d#e?f%g.txt',
    "it's (1)!*~_-.txt",
    'ключ/é.txt',
    'dir//dbl',
    'x;y:z@w&=,$.txt',
  ])('opens exactly the version it names: %s', async (key) => {
    const s3 = await startLoopback({
      buckets: ['lab'],
      roles: { analyst: { lab: 'READ' } },
      users: { ada: ['analyst'] },
    })
    try {
      const first = await s3.store.put({ bucket: 'lab', key, body: Buffer.from('one') })
      await s3.store.put({ bucket: 'lab', key, body: Buffer.from('two') })
      const input = {
        endpoint: s3.endpoint,
        bucket: 'lab',
        key,
        credentials: s3.credentials('ada'),
        seconds: 60,
        now: new Date(),
      } as const
      const url = presignedUrl({ ...input, method: 'GET', versionId: first.versionId })
      expect(await (await fetch(url)).text()).toBe('one')
      expect(await (await fetch(presignedUrl({ ...input, method: 'GET' }))).text()).toBe('two')
      const head = presignedUrl({ ...input, method: 'HEAD' })
      expect((await fetch(head, { method: 'HEAD' })).status).toBe(200)
      expect((await fetch(head)).status).toBe(403)
      const past = new Date(Date.now() - 61_000)
      expect((await fetch(presignedUrl({ ...input, method: 'GET', now: past }))).status).toBe(403)
    } finally {
      await s3.close()
    }
  })
})
