// What every registry store promises, run unchanged against each.
import { describe, expect, it } from 'vitest'
import type { RegistryStore } from '../packages/stores/registry-store.js'
import { bytesOf, refusalOf } from './collect.js'
import { all, chunks, keysOf, textAt } from './store-world.js'

const text = (value: string) => Buffer.from(value)
const oddKeys = ['a b#?%.txt', "it's (1)!*~_-.txt", 'ключ/é.txt', '%41%2F+.txt', '😀.txt']
const manyKeys = ['Z', 'a b', 'data-1/y', 'data.csv', 'data/x/y/z', 'data0', '\u{e9}', '\u{ffff}x', '\u{1f600}']

/** @param aStore an empty store that goes with the test */
export function behavesAsStore(name: string, aStore: () => RegistryStore): void {
  describe(`a store of ${name}`, () => {
    it.each(oddKeys)('gives back what was written to %j, with its size, etag and time', async (key) => {
      const store = aStore()
      const { modified: _, ...written } = await store.write(key, text('hello'))
      expect(written).toMatchObject({ size: 5, etag: expect.stringMatching(/^[0-9a-f]+$/) })
      expect(await store.info(key)).toEqual({ ...written, modified: expect.stringMatching(/^\d{4}-.*Z$/) })
      expect([await textAt(store, key), await keysOf(store)]).toEqual(['hello', [key]])
    })

    it('writes a stream of the announced size, and nothing of any other size', async () => {
      const store = aStore()
      await store.write('a', { size: 6, body: chunks('abc', 'def') })
      expect(await textAt(store, 'a')).toBe('abcdef')
      const short = await refusalOf(store.write('a', { size: 9, body: chunks('abc', 'def') }))
      expect([short.code, short.details]).toEqual(['partial', { received: 6, expected: 9 }])
      expect((await refusalOf(store.write('a', { size: 4, body: chunks('abc', 'def') }))).code).toBe('partial')
      expect([await textAt(store, 'a'), await keysOf(store)]).toEqual(['abcdef', ['a']])
    })

    it('writes a stream longer than one part, as it comes', async () => {
      const store = aStore()
      const texts = Array.from({ length: 17 }, (_, n) => String.fromCharCode(97 + n).repeat(600_000))
      const whole = texts.join('')
      await store.write('large', { size: whole.length, body: chunks(...texts) }, { expected: null })
      expect((await textAt(store, 'large')) === whole).toBe(true)
      const cutOff = await refusalOf(store.write('other', { size: whole.length + 1, body: chunks(...texts) }))
      expect([cutOff.code, await keysOf(store)]).toEqual(['partial', ['large']])
    })

    it('has nothing under a key that was not written', async () => {
      const store = aStore()
      await store.write('a/b', text('x'))
      for (const key of ['missing', 'a', 'a/b/c']) {
        expect([await store.info(key), await store.read(key)]).toEqual([undefined, undefined])
      }
    })

    it.each([
      [{ first: 0, last: 0 }, 'h'],
      [{ first: 2 }, 'llo'],
      [{ first: 3, last: 99 }, 'lo'],
    ])('reads the range %j', async (range, expected) => {
      const store = aStore()
      await store.write('a', text('hello'))
      const found = await store.read('a', { range })
      expect([found?.size, (await bytesOf(found?.body ?? chunks())).toString()]).toEqual([5, expected])
    })

    it.each([
      { first: 5 },
      { first: 2, last: 1 },
      { first: -1 },
    ])('refuses the range %j of five bytes', async (range) => {
      const store = aStore()
      await store.write('a', text('hello'))
      expect((await refusalOf(store.read('a', { range }))).code).toBe('invalid_input')
    })

    it('refuses with conflict to read bytes that are no longer those that are meant', async () => {
      const store = aStore()
      const { etag } = await store.write('a', text('one'))
      expect(await bytesOf((await store.read('a', { ifMatch: etag }))?.body ?? chunks())).toEqual(text('one'))
      await store.write('a', text('two'))
      expect((await refusalOf(store.read('a', { ifMatch: etag }))).code).toBe('conflict')
    })

    it.each([3, 9_437_184])('creates %d bytes only where nothing is', async (size) => {
      const store = aStore()
      await store.write('a', Buffer.alloc(size, 'a'), { expected: null })
      const error = await refusalOf(store.write('a', Buffer.alloc(size, 'b'), { expected: null }))
      expect([error.code, error.message]).toEqual([
        'conflict',
        `${store.url}/a is there already, or has changed; nothing was written`,
      ])
      const start = await store.read('a', { range: { first: 0, last: 0 } })
      expect([start?.size, await bytesOf(start?.body ?? chunks())]).toEqual([size, text('a')])
    })

    it('replaces only what is expected', async () => {
      const store = aStore()
      expect((await refusalOf(store.write('a', text('x'), { expected: 'e1' }))).code).toBe('conflict')
      const { etag } = await store.write('a', text('one'))
      await store.write('a', text('two'), { expected: etag })
      expect((await refusalOf(store.write('a', text('three'), { expected: etag }))).code).toBe('conflict')
      expect(await textAt(store, 'a')).toBe('two')
    })

    it('lets one of many at once win', async () => {
      const store = aStore()
      const { etag } = await store.write('latest', text('0'))
      for (const [key, expected] of [
        ['latest', etag],
        ['new', null],
      ] as const) {
        const writes = Array.from({ length: 8 }, (_, n) => store.write(key, text(`writer ${n}`), { expected }))
        const outcomes = await Promise.allSettled(writes)
        const winners = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
        expect(winners).toHaveLength(1)
        expect(await textAt(store, key)).toBe(`writer ${winners[0]}`)
      }
    })

    it('removes only what is expected', async () => {
      const store = aStore()
      const { etag } = await store.write('a', text('one'))
      expect((await refusalOf(store.remove('a', { expected: 'e1' }))).code).toBe('conflict')
      expect((await refusalOf(store.remove('a', { expected: null }))).code).toBe('conflict')
      await store.remove('a', { expected: etag })
      expect([await keysOf(store), await store.info('a')]).toEqual([[], undefined])
    })

    it('removes what is not there without harm', async () => {
      const store = aStore()
      await store.write('a/b', text('x'))
      for (const key of ['missing', 'a', 'a/b/c']) await store.remove(key)
      await store.remove('a/b/c', { expected: null })
      expect(await keysOf(store)).toEqual(['a/b'])
    })

    it('lists all keys in the order of their UTF-8 bytes, from any key on', async () => {
      const store = aStore()
      for (const key of manyKeys) await store.write(key, text('x'))
      expect(await keysOf(store)).toEqual(manyKeys)
      for (const [index, after] of manyKeys.entries()) {
        expect(await keysOf(store, '', after)).toEqual(manyKeys.slice(index + 1))
      }
      expect(await keysOf(store, '', 'data.zzz')).toEqual(manyKeys.slice(manyKeys.indexOf('data/x/y/z')))
    })

    it('takes the prefix of a list as text, not as a folder', async () => {
      const store = aStore()
      for (const key of manyKeys) await store.write(key, text('x'))
      expect(await keysOf(store, 'data')).toEqual(['data-1/y', 'data.csv', 'data/x/y/z', 'data0'])
      expect(await keysOf(store, 'data/x')).toEqual(['data/x/y/z'])
      expect(await keysOf(store, 'nothing/here')).toEqual([])
    })

    it('names what is one level below, folders with a slash', async () => {
      const store = aStore()
      for (const key of manyKeys) await store.write(`x/${key}`, text('x'))
      const names = ['Z', 'a b', 'data-1/', 'data.csv', 'data/', 'data0', '\u{e9}', '\u{ffff}x', '\u{1f600}']
      expect(await all(store.children('x/'))).toEqual(names)
      expect(await all(store.children('x/data/'))).toEqual(['x/'])
      expect(await all(store.children('nothing/'))).toEqual([])
    })
  })
}
