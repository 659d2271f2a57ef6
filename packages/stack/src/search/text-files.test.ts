import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFolder, type StoreFolder } from '../store/test/store-folder.js'
import { smallText } from './text-files.js'

let folder: StoreFolder
beforeEach(() => {
  folder = openFolder()
  folder.store.createBucket('alpha')
})
afterEach(() => folder.remove())

describe('a small text file', () => {
  it('is read as it is now, and not at all when it only calls itself text', async () => {
    await folder.put('a.txt', 'old')
    await folder.put('a.txt', 'grüße')
    await folder.put('b.txt', 'by\0tes')
    await folder.put('gone.txt', 'x')
    folder.store.remove('alpha', 'gone.txt')
    expect(
      await Promise.all(['a.txt', 'b.txt', 'gone.txt', 'none.txt'].map((key) => smallText(folder.store, 'alpha', key))),
    ).toEqual(['grüße', undefined, undefined, undefined])
  })
})
