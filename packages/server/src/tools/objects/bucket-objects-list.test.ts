import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('bucket_objects_list', () => {
  const list = (args: object) => world.ada.ok('bucket_objects_list', { bucket: 'lab-a', ...args })

  it('lists one level below a prefix', async () => {
    expect(await list({})).toMatchObject({ items: [{ prefix: '.quilt/' }, { prefix: 'raw/' }, { prefix: 'study/' }] })
    expect(await list({ prefix: 'raw/' })).toMatchObject({
      items: [
        { key: 'raw/latin.txt', size: 6 },
        { key: 'raw/notes.txt' },
        { key: 'raw/pixel.png' },
        { key: 'raw/table.parquet' },
      ],
    })
  })

  it('takes s3:// with a prefix for the bucket', async () => {
    expect(await world.ada.ok('bucket_objects_list', { bucket: 's3://lab-a/raw/' })).toEqual(
      await list({ prefix: 'raw/' }),
    )
  })

  it('gets through a whole tree page by page', async () => {
    const keys: unknown[] = []
    let cursor: unknown
    do {
      const page = await list({ recursive: true, limit: 3, ...(cursor !== undefined && { cursor }) })
      keys.push(...(page.items as { key: string }[]).map(({ key }) => key))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(keys).toEqual(((await list({ recursive: true })).items as { key: string }[]).map(({ key }) => key))
    expect(keys).toContain('study/cells/data/cells.csv')
  })

  it("does not see another tenant's bucket", async () => {
    expect(await world.ada.fails('bucket_objects_list', { bucket: 'lab-b' })).toMatchObject({
      code: expect.stringMatching(/^(not_found|forbidden)$/),
    })
  })
})
