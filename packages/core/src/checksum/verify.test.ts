import { describe, expect, it } from 'vitest'
import { inChunks } from '../test/byte-sources.js'
import { createHashOfType, verifyHash } from './verify.js'

const hello = Buffer.from('hello')
const hashes = [
  { type: 'SHA256', value: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
  { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' },
  { type: 'CRC64NVME', value: 'M3eFcAZSQlc=' },
]

describe.each(hashes)('verifyHash of type $type', (hash) => {
  it('holds for the bytes, at once or as they come', async () => {
    expect(await verifyHash(hash, hello, 5)).toBe(true)
    expect(await verifyHash(hash, inChunks(hello, [2]), 5)).toBe(true)
  })

  it('is made as the bytes come, too', () => {
    const running = createHashOfType(hash.type, 5)
    for (const part of [hello.subarray(0, 2), hello.subarray(2)]) running?.update(part)
    expect(running?.digest()).toEqual(hash)
  })

  it('does not hold after one flipped bit', async () => {
    expect(await verifyHash(hash, Buffer.from('hellp'), 5)).toBe(false)
  })

  it('does not hold for another length, and reads no further than it must', async () => {
    expect(await verifyHash(hash, hello, 4)).toBe(false)
    expect(await verifyHash(hash, hello, 6)).toBe(false)
    const endless = inChunks(Buffer.alloc(1_000_000), [10])
    expect(await verifyHash(hash, endless, 5)).toBe(false)
    expect(endless.closed).toBe(true)
  })
})

it('starts no hash of an unknown type', () => {
  expect([createHashOfType('MD5', 5), createHashOfType('toString', 5)]).toEqual([undefined, undefined])
})

describe('plain SHA-256 of older manifests (formats.md 4.2)', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['Hello, World!', Buffer.from('Hello, World!'), 'dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f'],
    ['8 MiB less one', Buffer.alloc(8_388_607), '3057d206a6a595b89e17a91813aaec0df31cd59a4204cf8ca786c23321c4ca1b'],
    ['8 MiB', Buffer.alloc(8_388_608), '2daeb1f36095b44b318410b3f4e8b5d989dcc7bb023d1426c492dab0a3053e74'],
    ['8 MiB and one', Buffer.alloc(8_388_609), '4459f957d031a8b782dfee09d2c7070a4b5e6c33130a8f20ac35393fd97fc57a'],
    [
      '20 MiB of counting bytes',
      Buffer.alloc(20_971_520, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
      '3568217a72eed5450d704907de96e14c75cc1b18661f38e0c9f458e462b38def',
    ],
  ])('holds for %s', async (_, bytes, value) => {
    expect(await verifyHash({ type: 'SHA256', value }, bytes, bytes.length)).toBe(true)
  })
})

it.each(['sha256', 'MD5', '__proto__', 'constructor', ''])('verifyHash refuses the unknown type %j', async (type) => {
  await expect(verifyHash({ type, value: '' }, hello, 5)).rejects.toMatchObject({ code: 'unsupported' })
})
