import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Backend, ObjectListItem, Progress } from '@quilt-mcp/backends'
import { compareLogicalKeys } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../../test/world.js'
import { planFiles } from './file-plan.js'
import { temporaryFiles } from './spilled-sort.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const wanted = { selection: {}, pathOf: (path: string) => path, mostFiles: 1_000_000 }

/** The backend with a folder of so many objects in it, listed in no order. */
function withMany(backend: Backend, count: number): Backend {
  async function* keys(): AsyncGenerator<readonly ObjectListItem[]> {
    for (let from = 0; from < count; from += 1_000)
      yield Array.from({ length: 1_000 }, (_, index) => {
        const number = ((from + index) * 7_919) % count
        return { key: `many/run-${number % 7}/${number}.txt`, size: 1, modified: '2026-11-21T00:00:00.000Z' }
      })
  }
  return { ...backend, objects: { ...backend.objects, keys } }
}

describe('a plan of files', () => {
  it('tells more files than are held in tree order, as often as it is asked, from files that are removed', async () => {
    const files = temporaryFiles()
    const progress: Progress[] = []
    const plan = await planFiles(
      {
        backend: withMany(world.ada.backend, 60_000),
        signal: new AbortController().signal,
        onProgress: (one) => progress.push(one),
      },
      { ...wanted, source: { bucket: 'lab-a', prefix: 'many/' }, files },
    )
    expect(plan.survey).toMatchObject({ total: { files: 60_000, bytes: 60_000 }, folderCount: 7 })
    for (const _ of [1, 2]) {
      let count = 0
      let last = ''
      for await (const batch of plan.files())
        for (const { logicalKey } of batch) {
          count += compareLogicalKeys(last, logicalKey) < 0 ? 1 : 0
          last = logicalKey
        }
      expect(count).toBe(60_000)
    }
    const folder = dirname(await files.next())
    expect(existsSync(folder)).toBe(true)
    await files.remove()
    expect(existsSync(folder)).toBe(false)
  })

  it('ends when the call is cancelled while keys are listed', async () => {
    const cancelled = new AbortController()
    const planned = planFiles(
      {
        backend: world.ada.backend,
        signal: cancelled.signal,
        onProgress: () => cancelled.abort(new Error('cancelled')),
      },
      { ...wanted, source: { bucket: 'lab-a', prefix: 'raw/' }, files: temporaryFiles() },
    )
    await expect(planned).rejects.toThrow('cancelled')
  })
})
