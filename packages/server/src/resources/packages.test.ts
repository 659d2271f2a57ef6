import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../tools/test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const cells = 'quilt-platform://buckets/lab-a/packages/study/cells'
/** Without fences, whose boundaries are new each time. */
const plain = (text: string) => text.replace(/<\/?data-[0-9a-f]+>/g, '|')

describe('the resource of a package', () => {
  it('tells of its latest revision, and fences what users wrote', async () => {
    const text = plain(await world.ada.resource(cells))
    const { top_hash } = await world.ada.ok('package_browse', { package: 'study/cells', bucket: 'lab-a' })
    expect(text).toContain(`"top_hash":"${top_hash}"`)
    expect(text).toContain(`"uri":"quilt+s3://lab-a#package=study/cells@${top_hash}"`)
    expect(text).toContain(`"url":"https://catalog.example.com/b/lab-a/packages/study/cells/tree/${top_hash}/"`)
    expect(text).toContain('"message":|A third well|')
    expect(text).toContain('"ratio":1.0,"big":12345678901234567890123')
    expect(text).toContain('"root":[{"path":|README.md|,"bytes":8},{"path":|data/|')
  })

  it('is not there for who does not see the bucket', async () => {
    await expect(world.grace.resource(cells)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the resource of an entry', () => {
  it('tells of a file', async () => {
    const text = plain(await world.ada.resource(`${cells}/entries/data/cells.csv`))
    expect(text).toMatch(
      /"path":\|data\/cells\.csv\|,"bytes":\d+,"hash":"sha2-256-chunked:[^"]+","place":\|s3:\/\/lab-a\//,
    )
    expect(text).toContain('"metadata":|')
  })

  it('lists a directory, with a slash at its end or without', async () => {
    for (const path of ['data', 'data/']) {
      const text = plain(await world.ada.resource(`${cells}/entries/${path}`))
      expect(text).toContain('"directory":|data/|,"items":[{"path":|data/cells.csv|')
    }
  })

  it('is not found when there is neither', async () => {
    await expect(world.ada.resource(`${cells}/entries/none`)).rejects.toMatchObject({ code: 'not_found' })
  })
})
