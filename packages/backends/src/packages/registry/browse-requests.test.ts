// What a look into a small package costs the registry, and who may look.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Backend } from '../../backend.js'
import type { HttpClient } from '../../http/client.js'
import type { PlatformOptions } from '../../platform.js'
import { refusalOf } from '../../test/collect.js'
import { freshName, jsonObjectOf, putFiles } from '../../test/packages.js'
import { startWorld, type World } from '../../test/world.js'
import type { PackageReader, PackageRef } from '../port.js'
import { createEntryCache } from './entry-cache.js'

let world: World
let pusher: Backend

beforeAll(async () => {
  world = await startWorld()
  pusher = await world.backendOf('ada')
})
afterAll(() => world.close())

/** A package of one revision: `README.md`, `data/a.csv`, `data/b.csv`. */
async function aPackage(): Promise<PackageRef> {
  const ref = freshName()
  const entries = await putFiles(pusher, { 'README.md': '#', 'data/a.csv': '1', 'data/b.csv': '22' }, 'browsed')
  await pusher.packages.push({ ...ref, entries, message: 'first', userMeta: jsonObjectOf('{"ratio":1.0}'), base: null })
  return ref
}

const question = z.object({ query: z.string().transform((query) => /^query (\w+)/.exec(query)?.[1]) })

/** A backend, and the names of the questions that it has sent to the registry since it was last asked for them. */
async function watched(user: 'ada' | 'grace', options: Partial<PlatformOptions> = {}) {
  let sent: (string | undefined)[] = []
  const http: HttpClient = {
    send(request) {
      sent.push(question.parse(JSON.parse(String(request.body))).query)
      return world.http.send(request)
    },
    close: () => world.http.close(),
  }
  const backend = await world.backendOf(user, { ...options, http })
  return {
    packages: backend.packages,
    asked() {
      const taken = sent
      sent = []
      return taken
    },
  }
}

const openAt = async (
  { packages }: Pick<Backend, 'packages'>,
  ref: PackageRef,
  hash?: string,
): Promise<PackageReader> => {
  if (packages.openAt === undefined) throw new Error('packages of a registry are opened in one look')
  return packages.openAt(ref, hash)
}
const namesIn = async (reader: PackageReader, path: string, page = {}) =>
  (await reader.dir(path, page)).items.map(({ name }) => name)

describe('a browse of a package', () => {
  it('asks the registry twice at first, then once: for what latest is, with its header', async () => {
    const [ref, ada] = [await aPackage(), await watched('ada')]
    const first = await openAt(ada, ref)
    expect(await namesIn(first, 'data')).toEqual(['a.csv', 'b.csv'])
    expect(ada.asked()).toEqual(['PackageOpening', 'PackageDir'])

    const second = await openAt(ada, ref)
    expect(await second.dir('data')).toEqual(await first.dir('data'))
    expect([second.revision, second.header]).toEqual([first.revision, first.header])
    expect(ada.asked()).toEqual(['PackageOpening'])
  })

  it('asks once for each further page of a directory', async () => {
    const [ref, ada] = [await aPackage(), await watched('ada')]
    const { revision, ...reader } = await openAt(ada, ref)
    const { cursor } = await reader.dir('data', { limit: 1 })
    expect(ada.asked()).toEqual(['PackageOpening', 'PackageDir'])
    expect(await namesIn(await openAt(ada, ref, revision.topHash), 'data', { cursor })).toEqual(['b.csv'])
    expect(ada.asked()).toEqual(['PackageOpening'])
  })

  it('shows the next revision as soon as there is one', async () => {
    const [ref, ada] = [await aPackage(), await watched('ada')]
    await namesIn(await openAt(ada, ref), '')
    ada.asked()
    const entries = await putFiles(pusher, { 'only.txt': 'x' }, 'browsed')
    const { revision } = await pusher.packages.push({ ...ref, entries, message: 'second' })
    const reader = await openAt(ada, ref)
    expect([reader.revision.topHash, await namesIn(reader, '')]).toEqual([revision.topHash, ['only.txt']])
    expect(ada.asked()).toEqual(['PackageOpening', 'PackageDir'])
  })

  it('asks for a directory that is not there each time', async () => {
    const [ref, ada] = [await aPackage(), await watched('ada')]
    for (const asked of [
      ['PackageOpening', 'PackageDir', 'PackageDir'],
      ['PackageOpening', 'PackageDir'],
    ]) {
      expect((await refusalOf((await openAt(ada, ref)).dir('date'))).hint).toBe('Near it: data.')
      expect(ada.asked()).toEqual(asked)
    }
  })

  it('opens, by the start of a hash, what resolve and open find', async () => {
    const [ref, ada] = [await aPackage(), await watched('ada')]
    const revision = await ada.packages.resolve(ref)
    const { header } = await ada.packages.open(revision)
    ada.asked()
    const reader = await openAt(ada, ref, revision.topHash.slice(0, 12))
    expect([reader.revision, reader.header]).toEqual([revision, header])
    expect(ada.asked()).toEqual(['PackageRevisions', 'PackageOpening'])
  })
})

describe('what is kept of a package', () => {
  it('is refused to who may no longer see the bucket, at the next call', async () => {
    const [ref, ada] = [await aPackage(), await watched('ada')]
    const { revision, ...reader } = await openAt(ada, ref)
    await reader.dir('')
    const { admin } = world.stack
    admin.createRole({ name: 'lab-a', permissions: { shared: 'READ' } })
    try {
      for (const hash of ['latest', revision.topHash]) {
        const { code, details } = await refusalOf(openAt(ada, ref, hash))
        expect([code, details?.missing]).toEqual(['not_found', 'bucket'])
      }
      expect((await refusalOf(ada.packages.open(revision))).code).toBe('not_found')
    } finally {
      admin.createRole({ name: 'lab-a', permissions: { 'lab-a': 'READ_WRITE', shared: 'READ' } })
    }
    ada.asked()
    expect(await namesIn(await openAt(ada, ref), '')).toEqual(['README.md', 'data'])
    expect(ada.asked()).toEqual(['PackageOpening'])
  })

  it('is refused to who has signed out, at the next call', async () => {
    const ref = await aPackage()
    const token = await world.stack.admin.sessionToken('ada')
    const ada = await watched('ada', { token })
    await (await openAt(ada, ref)).dir('')
    const answer = await fetch(`${world.stack.registryUrl}/api/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    expect(answer.status).toBe(200)
    expect((await refusalOf(openAt(ada, ref))).code).toBe('unauthenticated')
  })

  it('reaches nobody else in the same room: not who may see the package, not who may not', async () => {
    const entryCache = createEntryCache()
    const ref = await aPackage()
    const [ada, again, grace] = [
      await watched('ada', { entryCache }),
      await watched('ada', { entryCache }),
      await watched('grace', { entryCache }),
    ]
    const { revision, ...reader } = await openAt(ada, ref)
    await reader.dir('')
    await namesIn(await openAt(again, ref), '')
    expect(again.asked()).toEqual(['PackageOpening', 'PackageDir'])
    expect((await refusalOf(openAt(grace, ref, revision.topHash))).code).toBe('not_found')
    expect(grace.asked()).toEqual(['PackageOpening'])
  })
})
