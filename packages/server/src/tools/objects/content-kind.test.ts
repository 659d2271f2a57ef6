import { describe, expect, it } from 'vitest'
import { contentKind, partialEnd, partialStart } from './content-kind.js'

const kindOf = (bytes: Uint8Array, contentType?: string) => contentKind({ bytes, fromStart: true, contentType })

describe('contentKind', () => {
  it.each([
    ['UTF-8', Buffer.from('Größe, 大小'), 'utf-8'],
    ['UTF-8 cut inside a character', Buffer.from('Größe').subarray(0, 4), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from('\ufeffa'), 'utf-8'],
    ['UTF-16 with a mark', Buffer.from('\ufeffhello', 'utf16le'), 'utf-16le'],
    ['UTF-16 without a mark', Buffer.from('hello world', 'utf16le'), 'utf-16le'],
    ['Latin-1', Buffer.from('Gr\xf6\xdfe', 'latin1'), 'windows-1252'],
  ])('knows %s', (_name, bytes, encoding) => {
    expect(kindOf(bytes)).toEqual({ kind: 'text', encoding })
  })

  it('asks the content type for the charset of what is not UTF-8', () => {
    const shiftJis = Uint8Array.of(0x93, 0xfa, 0x96, 0x7b)
    expect(kindOf(shiftJis, 'text/csv; charset=Shift_JIS')).toEqual({ kind: 'text', encoding: 'shift_jis' })
    expect(kindOf(shiftJis, 'text/csv; charset=nonsense')).toEqual({ kind: 'text', encoding: 'windows-1252' })
  })

  it.each([
    ['image/png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['image/jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['image/gif', Buffer.from('GIF89a')],
    ['image/webp', Buffer.from('RIFF\x04\x00\x00\x00WEBPVP8 ', 'latin1')],
  ])('knows %s by its first bytes, whatever it is called', (mimeType, bytes) => {
    expect(kindOf(bytes, 'text/plain')).toEqual({ kind: 'image', mimeType })
  })

  it('names formats, and takes control characters for binary content', () => {
    expect(kindOf(Buffer.from('PAR1abc'))).toEqual({ kind: 'binary', format: 'parquet' })
    expect(kindOf(Uint8Array.of(0x1f, 0x8b, 8, 0))).toEqual({ kind: 'binary', format: 'gzip' })
    expect(kindOf(Uint8Array.of(1, 2, 3, 200))).toEqual({ kind: 'binary' })
    expect(kindOf(Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0))).toEqual({ kind: 'binary' })
  })
})

describe('partialStart and partialEnd', () => {
  it('count the bytes of characters that were cut', () => {
    const bytes = Buffer.from('ö大')
    expect([partialStart(bytes), partialStart(bytes.subarray(1)), partialStart(bytes.subarray(3))]).toEqual([0, 1, 2])
    expect([2, 3, 4, 5].map((end) => partialEnd(bytes.subarray(0, end)))).toEqual([0, 1, 2, 0])
  })
})
