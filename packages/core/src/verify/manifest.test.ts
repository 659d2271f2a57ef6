import { describe, expect, it } from 'vitest'
import { utf8 } from '../test/byte-sources.js'
import { header, line, text } from '../test/manifest-texts.js'
import { verifyManifest } from './manifest.js'

const inOrder = text(header, line('Z'), line('data/x'), line('data-1/y'))
const outOfOrder = text(header, line('data-1/y'), line('Z'), line('data/x'))
const topHash = 'f'.repeat(64)

describe('verifyManifest', () => {
  it('computes the top hash of the empty package (formats.md 3.7 V1)', async () => {
    const verified = await verifyManifest(
      () => utf8('{"version": "v0", "message": null}\n'),
      '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b',
    )
    expect(verified).toMatchObject({ matches: true, entries: 0, bytes: 0 })
  })

  it('tells the hash, the entries and their bytes of a manifest with another name', async () => {
    const verified = await verifyManifest(() => utf8(inOrder), topHash)
    expect(verified).toMatchObject({ matches: false, entries: 3, bytes: 15 })
    expect(await verifyManifest(() => utf8(inOrder), verified.topHash)).toEqual({ ...verified, matches: true })
  })

  it('does not trust the order of the file', async () => {
    const { topHash: expected } = await verifyManifest(() => utf8(inOrder), topHash)
    expect(await verifyManifest(() => utf8(outOfOrder), expected)).toEqual({
      matches: true,
      topHash: expected,
      entries: 3,
      bytes: 15,
    })
  })

  it('reads a manifest in order once, another one twice, and closes it each time', async () => {
    for (const [manifest, times] of [
      [inOrder, 1],
      [outOfOrder, 2],
    ] as const) {
      const opened: { closed: boolean }[] = []
      const open = () => {
        const source = utf8(manifest)
        opened.push(source)
        return source
      }
      await verifyManifest(open, topHash)
      expect(opened.map(({ closed }) => closed)).toEqual(Array.from({ length: times }, () => true))
    }
  })

  it('is upstream for a damaged manifest, and refuses a name that is no top hash', async () => {
    await expect(verifyManifest(() => utf8(text(header, '{')), topHash)).rejects.toMatchObject({ code: 'upstream' })
    await expect(verifyManifest(() => utf8(inOrder), 'latest')).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
