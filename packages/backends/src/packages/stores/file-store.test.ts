import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { behavesAsStore } from '../../test/behaves-as-store.js'
import { bytesOf, refusalOf, refusalsOf } from '../../test/collect.js'
import { all, chunks, keysOf, testFolder, textAt } from '../../test/store-world.js'
import { fileStore } from './file-store.js'

const text = (value: string) => Buffer.from(value)
const aStore = () => {
  const root = testFolder()
  return { root, store: fileStore({ root }) }
}

behavesAsStore('files', () => aStore().store)

describe('a directory', () => {
  it('is named by its directory, percent-encoded', () => {
    expect(fileStore({ root: '/data/a b/é#' }).url).toBe('file:///data/a%20b/%C3%A9%23')
  })

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../../b', './a', 'nul\0'])('refuses the key %j', async (key) => {
    const { store } = aStore()
    const calls = [store.info(key), store.read(key), store.write(key, text('x')), store.remove(key)]
    expect((await refusalsOf(calls)).map(({ code }) => code)).toEqual(Array(4).fill('invalid_input'))
  })

  it('a file and a folder of one name is invalid_input', async () => {
    const { store } = aStore()
    await store.write('a/b', text('x'))
    expect((await refusalOf(store.write('a', text('y')))).code).toBe('invalid_input')
    expect((await refusalOf(store.write('a/b/c', text('y')))).code).toBe('invalid_input')
  })

  it('a name that is too long is invalid_input and names the file', async () => {
    const { store } = aStore()
    const error = await refusalOf(store.write('n'.repeat(300), text('x')))
    expect([error.code, error.message]).toEqual([
      'invalid_input',
      `Writing ${store.url}/${'n'.repeat(300)}: a name is longer than this disk allows`,
    ])
  })
})

describe('reading', () => {
  it('never mixes two writes: a small file is given as it was, a large one ends with conflict', async () => {
    const { store } = aStore()
    const outcomes: unknown[] = []
    for (const size of [64, 10_000]) {
      await store.write('a', Buffer.alloc(size, 'a'))
      const before = await store.read('a')
      await store.write('a', Buffer.alloc(size, 'b'))
      outcomes.push(await bytesOf(before?.body ?? chunks()).catch((error: unknown) => error))
    }
    expect(outcomes).toEqual([Buffer.alloc(64, 'a'), expect.objectContaining({ code: 'conflict' })])
  })
})

describe('a pipe', () => {
  it('is no file: it is not waited for', async () => {
    const { root, store } = aStore()
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect([await store.info('pipe'), await store.read('pipe'), await keysOf(store)]).toEqual([
      undefined,
      undefined,
      [],
    ])
  })
})

describe('the etag', () => {
  it('tells pointers of one size apart that were written within a tick of the clock', async () => {
    const { root, store } = aStore()
    const etags = new Set<string | undefined>()
    for (let n = 0; n < 50; n += 1) {
      writeFileSync(join(root, 'latest'), n.toString(16).padStart(64, '0'))
      etags.add((await store.info('latest'))?.etag)
    }
    expect(etags.size).toBe(50)
  })
})

describe('removing', () => {
  it('takes the folders along that it leaves empty, so that quilt3 sees no package without pointers', async () => {
    const { root, store } = aStore()
    await store.write('.quilt/named_packages/lab/one/latest', text('h'))
    await store.write('.quilt/named_packages/lab/two/latest', text('h'))
    await store.remove('.quilt/named_packages/lab/one/latest')
    expect(readdirSync(join(root, '.quilt/named_packages/lab'))).toEqual(['two'])
    await store.remove('.quilt/named_packages/lab/two/latest')
    expect(readdirSync(join(root, '.quilt/named_packages'))).toEqual([])
  })
})

describe('listing', () => {
  it('comes in batches of at most 512 keys', async () => {
    const { root, store } = aStore()
    mkdirSync(join(root, 'many'))
    for (let n = 0; n < 2_500; n += 1) writeFileSync(join(root, 'many', String(n).padStart(4, '0')), '')
    const sizes: number[] = []
    for await (const batch of store.list('many/')) sizes.push(batch.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_500)
    expect(Math.max(...sizes)).toBe(512)
  })

  it('of a directory that does not exist is empty', async () => {
    const store = fileStore({ root: join(testFolder(), 'not-yet') })
    expect([await keysOf(store), await all(store.children(''))]).toEqual([[], []])
  })

  it('does not show where writes are gathered', async () => {
    const { root, store } = aStore()
    await store.write('.quilt/packages/a', text('x'))
    expect([await keysOf(store), await all(store.children('.quilt/'))]).toEqual([['.quilt/packages/a'], ['packages/']])
    expect(readdirSync(join(root, '.quilt')).toSorted()).toEqual(['packages', 'quilt-mcp'])
  })
})

describe('what was left behind', () => {
  it('by dead processes is swept at the first write; what a living one gathers stays', async () => {
    const { root, store } = aStore()
    await store.write('a', text('x'))
    const folder = join(root, '.quilt/quilt-mcp')
    expect(readdirSync(folder)).toEqual([])
    const [machine] = (await nameOfThisProcess(root)).split('-')
    writeFileSync(join(folder, `${machine}-999999999-x.tmp`), 'half')
    writeFileSync(join(folder, `${machine}-${process.pid}-x.tmp`), 'under way')
    writeFileSync(join(folder, 'elsewhere-1-x.tmp'), 'on another machine')
    await fileStore({ root }).write('b', text('x'))
    expect(readdirSync(folder).toSorted()).toEqual([`${machine}-${process.pid}-x.tmp`, 'elsewhere-1-x.tmp'].toSorted())
  })
})

describe('what belongs to the registry itself', () => {
  it('is refused, and left out of lists, when only data is wanted', async () => {
    const { root, store } = aStore()
    await store.write('.quilt/packages/a', text('x'))
    await store.write('data/b', text('x'))
    symlinkSync(join(root, '.quilt'), join(root, 'alias'))
    const data = fileStore({ root, dataOnly: true })
    for (const key of ['.quilt/packages/a', '.QUILT/new', 'alias/packages/a', '.quilt']) {
      expect((await refusalOf(data.info(key))).code).toBe('forbidden')
      expect((await refusalOf(data.write(key, text('y')))).code).toBe('forbidden')
    }
    expect([await keysOf(data), await keysOf(data, '.quilt/')]).toEqual([['data/b'], []])
  })
})

describe('links', () => {
  it('that lead out are refused, and left out of lists, when only data is wanted', async () => {
    const root = testFolder()
    const outside = testFolder()
    writeFileSync(join(outside, 'secret'), 'secret')
    writeFileSync(join(root, 'inside'), 'fine')
    symlinkSync(join(outside, 'secret'), join(root, 'leak'))
    symlinkSync(outside, join(root, 'folder'))
    symlinkSync(join(root, 'inside'), join(root, 'alias'))
    symlinkSync(join(tmpdir(), 'does-not-exist'), join(root, 'dangling'))
    symlinkSync('/', join(root, 'everything'))
    const store = fileStore({ root, dataOnly: true })
    for (const key of ['leak', 'folder/secret', 'folder/new', 'dangling', 'everything/etc/passwd']) {
      expect((await refusalOf(store.read(key))).code).toBe('forbidden')
      expect((await refusalOf(store.write(key, text('x')))).code).toBe('forbidden')
    }
    expect([await textAt(store, 'alias'), await keysOf(store)]).toEqual(['fine', ['alias', 'inside']])
    rmSync(outside, { recursive: true })
  })
})

/** How temporary files of this process begin. */
async function nameOfThisProcess(root: string): Promise<string> {
  let name = ''
  const store = fileStore({ root })
  async function* body() {
    yield text('x')
    name = readdirSync(join(root, '.quilt/quilt-mcp')).find((file) => file.endsWith('.tmp')) ?? ''
  }
  await store.write('c', { size: 1, body: body() })
  return name
}
