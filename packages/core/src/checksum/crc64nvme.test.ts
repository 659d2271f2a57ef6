import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc64nvme, createCrc64Nvme } from './crc64nvme.js'

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
