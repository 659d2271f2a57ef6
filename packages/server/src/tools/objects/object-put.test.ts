import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('object_put', () => {
  const put = { bucket: 'lab-a', key: 'put/a.txt' }
  const textOf = async () => (await world.ada.ok('object_read', put)).text

  it('writes an object, and names as whom', async () => {
    const result = await world.ada.ok('object_put', { ...put, text: 'one' })
    expect(result).toMatchObject({ size: 3, replaced: false, by: { user: 'ada' } })
    expect(await textOf()).toEqual({ untrusted: 'one' })
  })

  it('refuses to replace an object unless told', async () => {
    expect(await world.ada.fails('object_put', { ...put, text: 'two' })).toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('overwrite: true'),
    })
    expect(await textOf()).toEqual({ untrusted: 'one' })
  })

  it('asks before it replaces, and then replaces exactly what was shown', async () => {
    const question = await world.ada.fails('object_put', { ...put, text: 'two', overwrite: true })
    expect(question).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Replace s3://lab-a/put/a.txt (3 bytes'),
    })
    const confirm = question.details?.confirm
    expect(await world.ada.fails('object_put', { ...put, text: 'other', overwrite: true, confirm })).toMatchObject({
      code: 'conflict',
    })
    expect(await world.ada.ok('object_put', { ...put, text: 'two', overwrite: true, confirm })).toMatchObject({
      replaced: true,
    })
    expect(await textOf()).toEqual({ untrusted: 'two' })
  })

  it.each([
    { text: '' },
    { base64: '' },
    { text: '', content_type: '' },
  ])('writes an empty object for %j', async (content) => {
    const place = { bucket: 'lab-a', key: `put/empty-${JSON.stringify(content)}` }
    expect(await world.ada.ok('object_put', { ...place, ...content })).toMatchObject({ size: 0 })
    expect(await world.ada.ok('object_read', place)).toMatchObject({ size: 0, note: 'The object is empty.' })
  })

  it.each([
    [{ ...put }, 'there is no content'],
    [{ ...put, text: '', base64: '' }, 'there is no content'],
    [{ ...put, text: 'a', base64: 'YQ==' }, 'both text and base64'],
    [{ bucket: 'lab-a', key: 'put/', text: 'a' }, 'the key ends in "/"'],
    [{ uri: 's3://lab-a/x?versionId=1', text: 'a' }, 'a version cannot be written'],
    [
      { uri: 'quilt+s3://lab-a#package=study/cells&path=x', text: 'a' },
      'a package is not changed by writing an object',
    ],
  ])('refuses %j', async (args, message) => {
    expect(await world.ada.fails('object_put', args)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    })
  })

  it("does not write into another tenant's bucket", async () => {
    const { code } = await world.ada.fails('object_put', { bucket: 'lab-b', key: 'x', text: 'x' })
    expect(['forbidden', 'not_found']).toContain(code)
  })
})
