import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { refusalOf, refusalsOf } from '../test/collect.js'
import { freshName, putFiles } from '../test/packages.js'
import { startWorld, type World } from '../test/world.js'
import type { PackageReader } from './port.js'

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

describe('a directory', () => {
  let reader: PackageReader

  beforeAll(async () => {
    const ref = freshName()
    const contents = {
      Z: 'z',
      'data/x.csv': '1,2',
      'data/deep/er.txt': 'e',
      'data-1/y': 'y',
      'data.csv': '',
      'README.md': '#',
    }
    const { revision } = await ada.packages.push({
      ...ref,
      entries: await putFiles(ada, contents, 'dirs'),
      message: null,
    })
    reader = await ada.packages.open(revision)
  })

  it.each([
    ['', ['README.md', 'Z', 'data/', 'data-1/', 'data.csv']],
    ['data', ['data/deep/', 'data/x.csv']],
    ['data/', ['data/deep/', 'data/x.csv']],
    ['data/deep', ['data/deep/er.txt']],
  ])('%j holds %j, in tree order', async (path, keys) => {
    expect((await reader.dir(path)).items.map(({ logicalKey }) => logicalKey)).toEqual(keys)
  })

  it('tells files with size and physical key', async () => {
    const [, file] = (await reader.dir('data')).items
    expect(file).toEqual({
      kind: 'file',
      name: 'x.csv',
      logicalKey: 'data/x.csv',
      size: 3,
      physicalKey: expect.stringMatching(/^s3:\/\/lab-a\/dirs\/data\/x\.csv\?versionId=/),
    })
  })

  it('comes in pages', async () => {
    const first = await reader.dir('', { limit: 3 })
    const rest = await reader.dir('', { limit: 3, cursor: first.cursor })
    expect([first.total, first.items.length, rest.items.map(({ name }) => name)]).toEqual([
      5,
      3,
      ['data-1', 'data.csv'],
    ])
  })

  it.each([
    ['dataa', 'There is no dataa in', 'Near it: data, data-1.'],
    ['data/x.cvs', 'There is no data/x.cvs in', 'Near it: data/x.csv.'],
    ['data/x.csv', 'data/x.csv in', 'Read it with object_read.'],
    ['nothing/at/all', 'There is no nothing/at/all in', 'Look at what is there with package_browse.'],
  ])('%s is not found, with a hint', async (path, message, hint) => {
    const error = await refusalOf(reader.dir(path))
    expect([error.code, error.hint]).toEqual(['not_found', hint])
    expect(error.message.startsWith(message)).toBe(true)
  })

  it('is not a file, and says so', async () => {
    for (const error of await refusalsOf([reader.entry('data'), reader.read('data')])) {
      expect(error.message).toMatch(/^data in .* is a directory, not a file$/)
    }
  })
})
