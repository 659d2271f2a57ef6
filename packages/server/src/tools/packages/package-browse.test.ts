import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const cells = { package: 'study/cells', bucket: 'lab-a' }

const itemsOf = (result: object) => z.object({ items: z.array(z.object({ name: z.string() })) }).parse(result).items

describe('package_browse', () => {
  it('shows the header and the root of the latest revision', async () => {
    const result = await world.ada.ok('package_browse', cells)
    expect(result).toMatchObject({
      message: { untrusted: 'A third well' },
      metadata: { untrusted: { assay: 'ATAC', ratio: 1, big: '12345678901234567890123', '10': 1, '9': 2 } },
      total_entries: 3,
      items: [
        { name: 'README.md', type: 'file', size: 8 },
        { name: 'data', type: 'directory' },
      ],
      uri: `quilt+s3://lab-a#package=study/cells@${result.top_hash}`,
    })
  })

  it('shows a directory, and for the path of a file its entry', async () => {
    expect(await world.ada.ok('package_browse', { ...cells, path: 'data/' })).toMatchObject({
      path: 'data',
      items: [{ name: 'cells.csv' }, { name: 'pixel.png' }],
    })
    expect(await world.ada.ok('package_browse', { ...cells, path: 'data/cells.csv' })).toMatchObject({
      items: [
        {
          name: 'cells.csv',
          size: 28,
          hash: expect.stringMatching(/^sha2-256-chunked:/),
          physical_key: expect.stringMatching(/^s3:\/\/lab-a\/study\/cells\/data\/cells\.csv\?versionId=/),
          metadata: { untrusted: { user_meta: { columns: ['well', 'cells'] } } },
        },
      ],
    })
  })

  it('shows an older revision by the start of its hash', async () => {
    const { revisions } = await world.ada.ok('package_revisions', cells)
    const hash = z.array(z.object({ top_hash: z.string() })).parse(revisions)[1]?.top_hash ?? ''
    expect(await world.ada.ok('package_browse', { ...cells, revision: hash.slice(0, 12) })).toMatchObject({
      top_hash: hash,
      message: { untrusted: 'Two wells' },
    })
  })

  it('stays with the revision of the first page when latest moves', async () => {
    const args = { package: 'study/paged', bucket: 'lab-a' }
    const entries = ['a', 'b', 'c'].map((key) => ({ logical_key: key, text: key }))
    await world.ada.ok('package_create', { ...args, message: 'Three', entries })
    const first = await world.ada.ok('package_browse', { ...args, limit: 2 })
    await world.ada.ok('package_update', { ...args, message: 'Two', remove: ['c'] })
    const second = await world.ada.ok('package_browse', { ...args, limit: 2, cursor: first.cursor })
    expect(second.top_hash).toBe(first.top_hash)
    expect([...itemsOf(first), ...itemsOf(second)].map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it('fits a result with huge metadata, and says what was cut', async () => {
    const args = { package: 'study/huge', bucket: 'lab-a' }
    const metadata = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key-${at}`, at]))
    await world.ada.ok('package_create', {
      ...args,
      message: 'Huge',
      metadata,
      entries: [{ logical_key: 'a', text: 'a' }],
    })
    const result = await world.ada.ok('package_browse', args)
    expect(JSON.stringify(result).length).toBeLessThan(16_000)
    expect(result).toHaveProperty('metadata.untrusted', expect.stringMatching(/\[the first 8000 of \d+ characters\]$/))
    expect(itemsOf(result)).toHaveLength(1)
  })

  it.each([
    [{ path: 'none' }, 'not_found'],
    [{ path: 'README.md/' }, 'not_found'],
    [{ revision: 'f'.repeat(64) }, 'not_found'],
    [{ cursor: 'nonsense' }, 'invalid_input'],
    [{ package: 's3://lab-a/raw/notes.txt' }, 'invalid_input'],
  ])('answers %j with %s', async (args, code) => {
    expect(await world.ada.fails('package_browse', { ...cells, ...args })).toMatchObject({ code })
  })
})
