import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineCrc64Nvme, crc64nvme, createCrc64Nvme } from './crc64nvme.js'

describe('crc64nvme (formats.md 4.3)', () => {
  it.each([
    ['nothing', Buffer.alloc(0), '0000000000000000', 'AAAAAAAAAAA='],
    ['hello', Buffer.from('hello'), '3377857006524257', 'M3eFcAZSQlc='],
    ['123456789', Buffer.from('123456789'), 'ae8b14860a799888', 'rosUhgp5mIg='],
    ['Hello, World!', Buffer.from('Hello, World!'), 'd4a9be4326add24d', '1Km+Qyat0k0='],
    ['test1', Buffer.from('test1'), '7585d198a2d5b287', 'dYXRmKLVsoc='],
    ['test2', Buffer.from('test2'), 'f436c0c0f28b290c', '9DbAwPKLKQw='],
    ['test1test2', Buffer.from('test1test2'), '215f4b83b86262f3', 'IV9Lg7hiYvM='],
    ['8 MiB and one of zeros', Buffer.alloc(8_388_609), '6ad171b84d54a8ca', 'atFxuE1UqMo='],
    [
      '20 MiB of counting bytes',
      Buffer.alloc(20_971_520, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
      'c4a705f220141c1f',
      'xKcF8iAUHB8=',
    ],
  ])('of %s', (_, bytes, hex, base64) => {
    expect(crc64nvme(bytes)).toEqual({ type: 'CRC64NVME', value: base64 })
    expect(Buffer.from(base64, 'base64').toString('hex')).toBe(hex)
  })

  it('does not depend on how the bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (chunks) => {
        const checksum = createCrc64Nvme()
        for (const chunk of chunks) checksum.update(chunk)
        expect(checksum.digest()).toEqual(crc64nvme(Buffer.concat(chunks)))
      }),
    )
  })
})

describe('combineCrc64Nvme (formats.md 4.3)', () => {
  it('makes the checksum of test1test2 of those of test1 and test2', () => {
    const parts = [
      { checksum: { type: 'CRC64NVME', value: 'dYXRmKLVsoc=' }, size: 5 },
      { checksum: { type: 'CRC64NVME', value: '9DbAwPKLKQw=' }, size: 5 },
    ]
    expect(combineCrc64Nvme(parts)).toEqual({ type: 'CRC64NVME', value: 'IV9Lg7hiYvM=' })
  })

  it('makes the checksum of nothing of no parts', () => {
    expect(combineCrc64Nvme([])).toEqual(crc64nvme(Buffer.alloc(0)))
  })

  it('makes the checksum of the whole, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
        const parts = chunks.map((chunk) => ({ checksum: crc64nvme(chunk), size: chunk.length }))
        expect(combineCrc64Nvme(parts)).toEqual(crc64nvme(Buffer.concat(chunks)))
      }),
    )
  })

  it('combines parts of 5 GiB without reading them', () => {
    const part = { checksum: crc64nvme(Buffer.from('hello')), size: 5 * 2 ** 30 }
    const pairs = combineCrc64Nvme([part, part])
    const four = combineCrc64Nvme([
      { checksum: pairs, size: 2 * part.size },
      { checksum: pairs, size: 2 * part.size },
    ])
    expect(combineCrc64Nvme([part, part, part, part])).toEqual(four)
  })

  it.each([
    ['a checksum of another type', { type: 'SHA256', value: 'dYXRmKLVsoc=' }, 5],
    ['a checksum of another length', { type: 'CRC64NVME', value: 'dYXRmA==' }, 5],
    ['a negative size', { type: 'CRC64NVME', value: 'dYXRmKLVsoc=' }, -1],
  ])('refuses %s', (_, checksum, size) => {
    expect(() => combineCrc64Nvme([{ checksum, size }])).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
