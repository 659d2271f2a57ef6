import { describe, expect, it } from 'vitest'
import { inChunks, utf8 } from '../test/byte-sources.js'
import { header, line, manyLines, read, text } from '../test/manifest-texts.js'

describe('a damaged manifest', () => {
  it.each([
    ['an error page', text('<html>', '</html>'), 'line 1 of the manifest is damaged: it is not valid JSON'],
    ['a header that is no object', text('[]'), 'line 1 of the manifest is damaged: it is not an object'],
    ['a blank header', text('', line('a')), 'line 1 of the manifest is damaged: it is not valid JSON'],
    [
      'a broken line',
      text(header, line('a'), '{"logical_key": }', line('b')),
      'line 3 of the manifest is damaged: it is not valid JSON',
    ],
    ['a line that is no object', text(header, '1'), 'line 2 of the manifest is damaged: it is not an object'],
    ['no logical key', text(header, '{"meta": {}}'), 'line 2 of the manifest is damaged: it has no logical_key'],
    [
      'a physical key that is no URL',
      text(header, line('a').replace('"s3://b/k"', '5')),
      'line 2 of the manifest is damaged: physical_keys holds no URL',
    ],
    [
      'no size',
      text(header, line('a').replace('"size": 5', '"size": null')),
      'line 2 of the manifest is damaged: size is not a number of bytes',
    ],
    [
      'a size with a fraction',
      text(header, line('a').replace('"size": 5', '"size": 5.0')),
      'line 2 of the manifest is damaged: size is not a number of bytes',
    ],
    [
      'no hash',
      text(header, line('a').replace(/"hash": \{.*?\}/, '"hash": null')),
      'line 2 of the manifest is damaged: hash has no type and value',
    ],
    [
      'a hash with more members',
      text(header, line('a').replace('"value": "00"', '"value": "00", "x": 1')),
      'line 2 of the manifest is damaged: hash has more than type and value',
    ],
    [
      'metadata that is no object',
      text(header, line('a').replace('"meta": {}', '"meta": []')),
      'line 2 of the manifest is damaged: meta is not an object',
    ],
    ['a key twice', text(header, line('a'), line('a')), 'two entries have the logical key "a"'],
    [
      'a key twice, out of order',
      text(header, line('b'), line('c'), line('a'), line('b')),
      'two entries have the logical key "b"',
    ],
  ])('with %s is upstream', async (_, manifest, message) => {
    await expect(read(utf8(manifest))).rejects.toMatchObject({
      code: 'upstream',
      message,
      retryable: false,
      hint: expect.any(String),
    })
  })

  it('finds a key that comes twice across batches', async () => {
    const manifest = text(header, line('z')) + manyLines(3_000) + text(line('f000007'))
    await expect(read(utf8(manifest))).rejects.toMatchObject({ message: 'two entries have the logical key "f000007"' })
  })

  it('that is not UTF-8 is upstream', async () => {
    const bytes = Buffer.concat([Buffer.from(text(header)), Buffer.from([0x22, 0xff, 0x22, 0x0a])])
    await expect(read(inChunks(bytes, [5]))).rejects.toMatchObject({
      code: 'upstream',
      message: 'the manifest is not UTF-8 near line 2',
    })
  })

  it('with a line that is too long is upstream, before the line is held', async () => {
    const endless = inChunks(Buffer.from(`${header}\n"${'x'.repeat(10_000)}`), [100])
    await expect(read(endless, { maxRecordBytes: 1_000 })).rejects.toMatchObject({
      code: 'upstream',
      message: 'line 2 of the manifest is longer than 1000 bytes',
    })
    await expect(read(utf8(text(header, line('é'.repeat(500)))), { maxRecordBytes: 1_000 })).rejects.toMatchObject({
      code: 'upstream',
    })
  })
})

describe('a source that breaks off', () => {
  it('is partial, wherever it does so within a line', async () => {
    const whole = Buffer.from(text(header, line('ключ'), line('ю')))
    const lineEnds = [...whole.keys()].filter((at) => whole[at] === 0x0a)
    for (let end = 0; end < whole.length; end++) {
      const reading = read(inChunks(whole.subarray(0, end), [16]))
      if (lineEnds.some((at) => end === at || end === at + 1)) await expect(reading).resolves.toBeDefined()
      else await expect(reading).rejects.toMatchObject({ code: 'partial', retryable: true })
    }
  })

  it('is partial when nothing came', async () => {
    await expect(read(utf8(''))).rejects.toMatchObject({
      code: 'partial',
      message: 'the manifest breaks off in line 1',
    })
  })

  it('passes on the error of the source', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text(header, line('a')))
      throw new Error('socket hang up')
    }
    await expect(read(failing())).rejects.toThrow('socket hang up')
  })
})
