import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareLogicalKeys } from '../manifest/order.js'
import { topHashOf } from '../manifest/top-hash.js'
import { logicalKey } from '../test/arbitrary-json.js'
import { inChunks, utf8 } from '../test/byte-sources.js'
import { header, line, read as readAll, text } from '../test/manifest-texts.js'
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

  it('agrees with the hash of the entries, whatever they hold and however they are cut', async () => {
    const memberKey = fc.oneof(fc.constantFrom('a', 'b', 'ab', 'a!', 'a ', 'B', ''), fc.string())
    const numberText = fc.oneof(
      fc.constantFrom(
        '0',
        '-0',
        '0.0',
        '-0.5',
        '0.05',
        '5.50',
        '5.0',
        '1e5',
        '123456789012345.0',
        '1234567890123456.5',
      ),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.maxSafeInteger().map(String),
    )
    const value = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        numberText,
        fc.constantFrom('true', 'false', 'null', '{}', '[]', '"\u007f"', '"é"'),
        fc.string().map((one) => JSON.stringify(one)),
        fc.array(tie('value')).map((items) => `[${items.join(', ')}]`),
        fc
          .array(fc.tuple(memberKey, tie('value')), { maxLength: 8 })
          .map((members) => `{${members.map(([key, one]) => `${JSON.stringify(key)}: ${one}`).join(', ')}}`),
      ),
    })).value
    const members = fc.array(fc.tuple(memberKey, value), { maxLength: 5 })
    const metas = members.map((all) => `{${all.map(([key, one]) => `${JSON.stringify(key)}: ${one}`).join(', ')}}`)
    const keys = fc.uniqueArray(logicalKey, { maxLength: 8 }).map((all) => all.sort(compareLogicalKeys))
    await fc.assert(
      fc.asyncProperty(keys, fc.infiniteStream(metas), fc.integer({ min: 20, max: 400 }), async (all, each, cut) => {
        const lines = all.map((key) => line(key).replace('"meta": {}', () => `"meta": ${each.next().value}`))
        const manifest = text(header, ...lines)
        const { header: read, entries } = await readAll(utf8(manifest))
        const hashed = await verifyManifest(() => inChunks(Buffer.from(manifest), [cut]), topHash)
        expect(hashed).toEqual({
          matches: false,
          topHash: topHashOf(read, entries),
          entries: entries.length,
          bytes: entries.length * 5,
        })
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['members beyond 64', Array.from({ length: 70 }, (_, at) => `"k${(at * 37) % 70}": ${at}`).join(', ')],
    ['64 members in reverse', Array.from({ length: 64 }, (_, at) => `"k${99 - at}": {"b": ${at}, "a": []}`).join(', ')],
    ['more than 4 KiB', `"b": "${'x'.repeat(5_000)}", "a": 1`],
    ['a key twice', '"a": 1, "b": 2, "a": 3'],
    ['a number of 400 digits', `"a": ${'9'.repeat(400)}`],
  ])('agrees with it for metadata with %s', async (_, meta) => {
    const manifest = text(header, line('a').replace('"meta": {}', `"meta": {${meta}}`), line('b'))
    const { header: read, entries } = await readAll(utf8(manifest))
    expect((await verifyManifest(() => utf8(manifest), topHash)).topHash).toBe(topHashOf(read, entries))
  })

  it('finds a key that comes twice', async () => {
    const again = text(header, line('a'), line('b'), line('b'))
    await expect(verifyManifest(() => utf8(again), topHash)).rejects.toMatchObject({ code: 'upstream' })
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
