import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, catalogUrl, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const hash = 'e21682f00929661879633a5128aaa27cc7bc1e2973d49d4c868a90f9fad9f34b'

describe('catalog_link', () => {
  it.each([
    [{ bucket: 'lab-a' }, { kind: 'bucket', uri: 's3://lab-a', url: `${catalogUrl}/b/lab-a` }],
    [{ target: 'lab-a' }, { kind: 'bucket', uri: 's3://lab-a', url: `${catalogUrl}/b/lab-a` }],
    [
      { bucket: 'lab-a', key: 'a b/c', version_id: 'v1' },
      { kind: 'object', uri: 's3://lab-a/a%20b/c?versionId=v1', url: `${catalogUrl}/b/lab-a/tree/a%20b/c?version=v1` },
    ],
    [
      { target: 'study/cells', bucket: 'lab-a' },
      {
        kind: 'package',
        uri: 'quilt+s3://lab-a#package=study/cells',
        url: `${catalogUrl}/b/lab-a/packages/study/cells`,
      },
    ],
    [
      { target: 'study/cells', bucket: 'lab-a', revision: hash, path: 'data/' },
      {
        kind: 'package',
        uri: `quilt+s3://lab-a#package=study/cells@${hash}&path=data%2F`,
        url: `${catalogUrl}/b/lab-a/packages/study/cells/tree/${hash}/data/`,
      },
    ],
    [
      { target: `${catalogUrl}/b/lab-a/packages/study/cells/tree/latest/README.md` },
      {
        kind: 'package',
        uri: 'quilt+s3://lab-a#package=study/cells&path=README.md',
        url: `${catalogUrl}/b/lab-a/packages/study/cells/tree/latest/README.md`,
      },
    ],
  ])('links %j', async (args, links) => {
    expect(await world.ada.ok('catalog_link', args)).toEqual(links)
  })

  it.each([
    [{}, 'nothing is named to link to'],
    [{ target: 'study/cells' }, 'the bucket of study/cells is not given'],
    [{ target: 'study/cells', bucket: 'lab-a', key: 'x' }, 'key does not go with a package'],
    [{ bucket: 'lab-a', path: 'x', revision: hash }, 'revision and path do not go with a bucket or object'],
    [{ target: 's3://lab-a/x', bucket: 'lab-b' }, 'bucket is given twice and differs'],
  ])('refuses %j', async (args, message) => {
    expect(await world.ada.fails('catalog_link', args)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    })
  })
})
