import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteWindow, lineWindow } from './text-window.js'

describe('byteWindow', () => {
  it('gives a text back whole when it is read piece by piece, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 9 }), (text, step) => {
        const bytes = Buffer.from(text.replace(/^\ufeff/, ''))
        let read = ''
        for (let at = 0; at < bytes.length; ) {
          const isEnd = at + step >= bytes.length
          const window = byteWindow(bytes.subarray(at, at + step), { firstByte: at, isEnd, encoding: 'utf-8' })
          expect(window.firstByte).toBe(at)
          read += window.text
          at = window.endByte
        }
        expect(Buffer.from(read)).toEqual(bytes)
      }),
    )
  })

  it('begins at the next whole character', () => {
    const bytes = Buffer.from('öl').subarray(1)
    expect(byteWindow(bytes, { firstByte: 1, isEnd: true, encoding: 'utf-8' })).toEqual({
      text: 'l',
      firstByte: 2,
      endByte: 3,
    })
  })
})

describe('lineWindow', () => {
  const text = 'one\ntwo\r\nthree\n\nfive'
  async function* body(content: string) {
    for (const byte of Buffer.from(content)) yield Uint8Array.of(byte)
  }
  const lines = (startLine: number, maxLines: number, { maxChars = 1000, content = text } = {}) =>
    lineWindow(body(content), { startLine, maxLines, maxChars, encoding: 'utf-8' })

  it('gives the lines asked for, and where the text goes on', async () => {
    expect(await lines(1, 2)).toEqual({ text: 'one\ntwo\r\n', isCut: false, nextLine: 3 })
    expect(await lines(3, 2)).toEqual({ text: 'three\n\n', isCut: false, nextLine: 5 })
    expect(await lines(5, 9)).toEqual({ text: 'five', isCut: false })
  })

  it('says that there is no more at the very end', async () => {
    expect(await lines(2, 1, { content: 'one\ntwo\n' })).toEqual({ text: 'two\n', isCut: false })
  })

  it('stops at the end of a line when the room is used up', async () => {
    expect(await lines(1, 9, { maxChars: 10 })).toEqual({ text: 'one\ntwo\r\n', isCut: false, nextLine: 3 })
  })

  it('cuts a single line that is too long', async () => {
    expect(await lines(1, 9, { maxChars: 2 })).toEqual({ text: 'on', isCut: true, nextLine: 2 })
  })

  it('says how many lines there are when the one asked for is not', async () => {
    await expect(lines(6, 1)).rejects.toThrow('the text has no line 6: it has 5')
    await expect(lines(3, 1, { content: 'one\ntwo\n' })).rejects.toThrow('the text has no line 3: it has 2')
  })

  it('leaves the stream as soon as it has the lines', async () => {
    let read = 0
    async function* endless() {
      for (;;) {
        read++
        yield Buffer.from('line\n')
      }
    }
    await lineWindow(endless(), { startLine: 2, maxLines: 2, maxChars: 1000, encoding: 'utf-8' })
    expect(read).toBeLessThan(10)
  })

  it('decodes characters that are cut between two chunks', async () => {
    expect((await lines(1, 1, { content: 'Größe 大小\n' })).text).toBe('Größe 大小\n')
  })
})
