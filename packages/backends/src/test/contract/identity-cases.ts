import { expect } from 'vitest'
import { refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import type { ContractWorld } from './contract-world.js'
import { aPackage, freshHash, opened } from './made.js'

const calls: readonly (readonly [string, (world: ContractWorld, signal: AbortSignal) => Promise<unknown>])[] = [
  ['buckets.list', ({ backend }, signal) => backend.buckets.list({ signal })],
  ['buckets.get', ({ backend, bucket }, signal) => backend.buckets.get(bucket, { signal })],
  ['objects.list', ({ backend, bucket }, signal) => backend.objects.list(bucket, { signal })],
  ['objects.info', ({ backend, bucket }, signal) => backend.objects.info({ bucket, key: 'a' }, { signal })],
  ['objects.read', ({ backend, bucket }, signal) => backend.objects.read({ bucket, key: 'a' }, { signal })],
  ['objects.put', ({ backend, bucket }, signal) => backend.objects.put({ bucket, key: 'a' }, Buffer.of(), { signal })],
  ['packages.list', ({ backend, bucket }, signal) => backend.packages.list(bucket, { signal })],
  [
    'packages.revisions',
    ({ backend, bucket }, signal) => backend.packages.revisions({ bucket, name: 'a/b' }, { signal }),
  ],
  [
    'packages.resolve',
    ({ backend, bucket }, signal) => backend.packages.resolve({ bucket, name: 'a/b' }, 'latest', { signal }),
  ],
  [
    'packages.open',
    ({ backend, bucket }, signal) => backend.packages.open({ bucket, name: 'a/b', topHash: freshHash() }, { signal }),
  ],
  [
    'packages.push',
    ({ backend, bucket }, signal) =>
      backend.packages.push({ bucket, name: 'a/b', entries: [], message: null }, { signal }),
  ],
  ['packages.remove', ({ backend, bucket }, signal) => backend.packages.remove({ bucket, name: 'a/b' }, { signal })],
]

export const identityCases: ContractSubject = {
  subject: 'a backend',
  cases: [
    {
      title: 'says who it acts as, and how',
      async run({ backend, identity }) {
        expect(backend.name).toBe(identity.backend)
        expect(await backend.identity()).toEqual(identity)
      },
    },
    {
      title: 'may be used after it was closed',
      async run(world) {
        await world.backend.close()
        const revision = await aPackage(world, { 'a.txt': 'hello' })
        expect((await (await opened(world, revision)).entry('a.txt')).size).toBe(5)
      },
    },
    ...casesOf('rejects with the reason of a signal that was given up before', calls, async (world, [, call]) => {
      const reason = new Error('the user went away')
      await expect(call(world, AbortSignal.abort(reason))).rejects.toBe(reason)
    }),
    {
      title: 'writes nothing when the signal was given up before a push',
      async run(world) {
        const ref = { bucket: world.bucket, name: 'abandoned/package' }
        const push = world.backend.packages.push(
          { ...ref, entries: [], message: null },
          { signal: AbortSignal.abort() },
        )
        await expect(push).rejects.toThrow()
        expect((await refusalOf(world.backend.packages.resolve(ref))).details).toMatchObject({ missing: 'package' })
      },
    },
  ],
}
