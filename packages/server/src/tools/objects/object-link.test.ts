import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('object_link', () => {
  it('links to an object, and to a file of a package at its version', async () => {
    const plain = await world.ada.ok('object_link', { uri: 's3://lab-a/raw/notes.txt', expires_in_seconds: 60 })
    expect(plain).toMatchObject({
      url: expect.stringMatching(/^https?:\/\//),
      expires: expect.stringMatching(/Z$/),
      size: 45,
    })
    const file = await world.ada.ok('object_link', { uri: 'study/cells', bucket: 'lab-a', key: 'README.md' })
    expect(file).toMatchObject({ uri: expect.stringContaining('study/cells/README.md?versionId='), size: 8 })
  })

  it('refuses a link that lives longer than S3 allows', async () => {
    expect(await world.ada.fails('object_link', { uri: 's3://lab-a/x', expires_in_seconds: 700_000 })).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('expires_in_seconds'),
    })
  })
})
