import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('object_info', () => {
  it('describes an object at its version', async () => {
    const info = await world.ada.ok('object_info', { uri: 's3://lab-a/raw/pixel.png' })
    expect(info).toMatchObject({
      uri: expect.stringMatching(/^s3:\/\/lab-a\/raw\/pixel\.png\?versionId=/),
      content_type: 'image/png',
    })
  })

  it('describes a file of a package with the hash and metadata of its manifest', async () => {
    const info = await world.ada.ok('object_info', {
      uri: 'quilt+s3://lab-a#package=study/cells',
      key: 'data/cells.csv',
    })
    expect(info).toMatchObject({
      package: 'lab-a/study/cells',
      size: 28,
      hash: expect.stringMatching(/^sha2-256-chunked:/),
      metadata: { untrusted: { user_meta: { columns: ['well', 'cells'] } } },
      url: expect.stringContaining('/packages/study/cells/tree/'),
    })
  })

  it.each([
    [{ bucket: 'lab-a', key: 'raw/none.txt' }],
    [{ uri: 'quilt+s3://lab-a#package=study/cells&path=none.txt' }],
    [{ uri: 'quilt+s3://lab-a#package=study/none&path=README.md' }],
  ])('says that %j is not there, and what to do', async (args) => {
    expect(await world.ada.fails('object_info', args)).toMatchObject({
      code: 'not_found',
      hint: expect.stringMatching(/./),
    })
  })
})
