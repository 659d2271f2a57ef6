import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aWorld, pixel, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('object_read', () => {
  it('gets on with every call, even one byte at a time', async () => {
    await world.ada.ok('object_put', { bucket: 'lab-a', key: 'wide.txt', text: '😀äöü😀'.repeat(5) })
    let text = ''
    let start: unknown = 0
    for (let calls = 0; start !== undefined && calls < 100; calls++) {
      const part = await world.ada.ok('object_read', { uri: 's3://lab-a/wide.txt', start_byte: start, max_bytes: 1 })
      text += z.object({ untrusted: z.string() }).parse(part.text).untrusted
      start = part.next_byte
    }
    expect(text).toBe('😀äöü😀'.repeat(5))
  })

  const read = (key: string, args: object = {}) => world.ada.ok('object_read', { bucket: 'lab-a', key, ...args })

  it('reads text, and fences it as data', async () => {
    const result = await read('raw/notes.txt')
    expect(result).toMatchObject({
      kind: 'text',
      encoding: 'utf-8',
      text: { untrusted: 'first line\nsecond line\nzweite Zeile: Größe\n' },
    })
    expect(result).not.toHaveProperty('next_byte')
    const [content] = await world.ada.content('object_read', { bucket: 'lab-a', key: 'raw/notes.txt' })
    expect(content?.text).toMatch(/<data-([0-9a-f]+)>first line[^<]*<\/data-\1>/)
  })

  it('reads text that is not UTF-8', async () => {
    expect(await read('raw/latin.txt')).toMatchObject({ encoding: 'windows-1252', text: { untrusted: 'Größe\n' } })
  })

  it('reads lines, and says which comes next', async () => {
    expect(await read('raw/notes.txt', { start_line: 2, max_lines: 1 })).toMatchObject({
      text: { untrusted: 'second line\n' },
      first_line: 2,
      next_line: 3,
    })
    expect(await read('raw/notes.txt', { start_line: 3 })).not.toHaveProperty('next_line')
  })

  it('reads bytes, never half a character, and goes on where it stopped', async () => {
    // Bytes 39 and 40 are those of "ö".
    const first = await read('raw/notes.txt', { max_bytes: 40 })
    expect(first).toMatchObject({ text: { untrusted: 'first line\nsecond line\nzweite Zeile: Gr' }, next_byte: 39 })
    expect(await read('raw/notes.txt', { start_byte: first.next_byte })).toMatchObject({ text: { untrusted: 'öße\n' } })
  })

  it('shows a picture', async () => {
    const content = await world.ada.content('object_read', { bucket: 'lab-a', key: 'raw/pixel.png' })
    expect(content.at(-1)).toEqual({ type: 'image', data: pixel.toString('base64') })
  })

  it('names other content, and offers a link', async () => {
    expect(await read('raw/table.parquet')).toMatchObject({
      kind: 'binary',
      note: expect.stringContaining('parquet'),
      next: ['object_link'],
    })
  })

  it('reads exactly the version that a package names, whatever is there now', async () => {
    const { revisions } = await world.ada.ok('package_revisions', { package: 'study/cells', bucket: 'lab-a' })
    const [, older] = revisions as { top_hash: string }[]
    const uri = `quilt+s3://lab-a#package=study/cells@${older?.top_hash}&path=data/cells.csv`
    expect(await world.ada.ok('object_read', { uri })).toMatchObject({
      text: { untrusted: 'well,cells\nA1,10\nA2,12\n' },
    })
  })

  it.each([
    [{ key: 'raw/notes.txt', start_byte: 4000 }, 'start_byte is 4000, but the object has'],
    [{ key: 'raw/notes.txt', start_line: 9 }, 'the text has no line 9: it has 3'],
    [{ key: 'raw/notes.txt', start_line: 1, start_byte: 1 }, 'start_byte and lines are both given'],
  ])('refuses %j', async (args, message) => {
    expect(await world.ada.fails('object_read', { bucket: 'lab-a', ...args })).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    })
  })

  it("does not read another tenant's package", async () => {
    expect(
      await world.ada.fails('object_read', { uri: 'quilt+s3://lab-b#package=secret/plan&path=plan.txt' }),
    ).toMatchObject({
      code: 'not_found',
    })
  })
})
