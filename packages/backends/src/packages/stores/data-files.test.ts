import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileContent } from '../../objects/content.js'
import { refusalOf } from '../../test/collect.js'
import { testFolder } from '../../test/store-world.js'
import { dataFiles } from './data-files.js'

const hello = {
  size: 5,
  hash: { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' },
}
const folder = 'lab/cells/'
const text = (root: string, key: string) => readFileSync(join(root, key), 'utf8')

describe('data files', () => {
  it('are written under their names, with their hash', async () => {
    const root = testFolder()
    const files = dataFiles(root)
    expect(await files.write(folder, 'a/b.txt', Buffer.from('hello'))).toEqual({ key: 'lab/cells/a/b.txt', ...hello })
    await files.settle()
    expect(text(root, 'lab/cells/a/b.txt')).toBe('hello')
  })

  it('are never replaced: other bytes go beside, the same bytes are used as they are', async () => {
    const root = testFolder()
    const files = dataFiles(root)
    await files.write(folder, 'a.txt', Buffer.from('old'))
    const { key } = await files.write(folder, 'a.txt', Buffer.from('hello'))
    expect(key).toBe('lab/cells/.others/9595c9df90075148eb06860365df3358/a.txt')
    expect([text(root, 'lab/cells/a.txt'), text(root, key)]).toEqual(['old', 'hello'])
    expect((await files.write(folder, 'a.txt', Buffer.from('hello'))).key).toBe(key)
    expect((await files.write(folder, 'a.txt', Buffer.from('old'))).key).toBe('lab/cells/a.txt')
  })

  it('of many bytes are the same', async () => {
    const root = testFolder()
    const files = dataFiles(root)
    const zeros = Buffer.alloc(9_000_000)
    const path = join(testFolder(), 'zeros')
    writeFileSync(path, zeros)
    const content = await fileContent(path)
    const first = await files.write(folder, 'zeros', content)
    expect([first.key, first.size]).toEqual(['lab/cells/zeros', 9_000_000])
    expect(await files.write(folder, 'zeros', zeros)).toEqual(first)
    zeros[8_999_999] = 1
    expect((await files.write(folder, 'zeros', zeros)).key).toMatch(/^lab\/cells\/\.others\/[0-9a-f]{32}\/zeros$/)
  })

  it('go beside when a folder is where the file must be, or a file where the folder', async () => {
    const root = testFolder()
    const files = dataFiles(root)
    await files.write(folder, 'a', Buffer.from('old'))
    expect((await files.write(folder, 'a/b', Buffer.from('hello'))).key).toMatch(/\.others\/[0-9a-f]{32}\/a\/b$/)
    await files.write(folder, 'c/d', Buffer.from('old'))
    expect((await files.write(folder, 'c', Buffer.from('hello'))).key).toMatch(/\.others\/[0-9a-f]{32}\/c$/)
  })

  it('are refused behind a link that leads out of the registry', async () => {
    const root = testFolder()
    const outside = testFolder()
    mkdirSync(join(root, 'lab'))
    symlinkSync(outside, join(root, 'lab/cells'))
    const error = await refusalOf(dataFiles(root).write(folder, 'a.txt', Buffer.from('hello')))
    expect([error.code, readdirSync(outside)]).toEqual(['forbidden', []])
  })

  it('are refused when the source is another file by now', async () => {
    const path = join(testFolder(), 'source')
    writeFileSync(path, 'hello')
    const content = await fileContent(path)
    writeFileSync(path, 'other bytes')
    const root = testFolder()
    expect((await refusalOf(dataFiles(root).write(folder, 'a.txt', content))).code).toBe('conflict')
    expect(readdirSync(root)).toEqual([])
  })
})
