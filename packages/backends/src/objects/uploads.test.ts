// What is written into objects, and how: in one request or in parts, from memory or from a source, in bounded memory.
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chunkedSha256 } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { type Answer, text } from '../test/fault-server.js'
import { s3Says } from '../test/faulty-world.js'
import { playedS3 } from '../test/s3-server.js'
import { testFolder } from '../test/store-world.js'
import { fileContent } from './content.js'
import type { ContentSource } from './port.js'

const mebibyte = 1_048_576
const at = { bucket: 'data', key: 'a.bin' }

const created = text('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>')
const completed = text('<CompleteMultipartUploadResult><ETag>"e2"</ETag></CompleteMultipartUploadResult>')

/** An S3 that takes everything. @param part what it answers to a part or a whole object */
const taking =
  (part: Answer = text('', 200, { etag: '"e1"' })): Answer =>
  (request, response, body) => {
    const path = request.url ?? ''
    if (request.method === 'HEAD') return text('', 404)(request, response, body)
    if (request.method === 'DELETE') return text('', 204)(request, response, body)
    if (request.method === 'POST') return (/[?&]uploads/.test(path) ? created : completed)(request, response, body)
    return part(request, response, body)
  }

/** Calls in the order in which S3 got them, without what differs from run to run. */
const callsOf = (requests: readonly string[]) =>
  requests.map((request) => `${request.split(' ')[0]} ${partOf(request)}`)

const partOf = (request: string): string =>
  (/[?&]partNumber=(\d+)/.exec(request) ?? /[?&](uploads|uploadId)/.exec(request))?.[1] ?? 'whole'

/** Bytes that are made when they are read, and how many of them were held at most. */
function measured(size: number) {
  const seen = { opened: 0, closed: 0 }
  const source: ContentSource = {
    size,
    async open() {
      seen.opened += 1
      return {
        read: async (into) => void into.fill(7),
        close: async () => {
          seen.closed += 1
        },
      }
    },
  }
  return { source, seen }
}

describe('an object', () => {
  it.each([
    [0, ['PUT whole']],
    [8 * mebibyte - 1, ['PUT whole']],
    [8 * mebibyte, ['POST uploads', 'PUT 1', 'POST uploadId']],
    [8 * mebibyte + 1, ['POST uploads', 'PUT 1', 'PUT 2', 'POST uploadId']],
  ])('of %i bytes goes out as %j, with the Quilt hash of what was sent', async (size, calls) => {
    const { objects, server } = await playedS3(taking())
    const { source, seen } = measured(size)
    const { hash, ...written } = await objects.put(at, source)
    expect(hash).toEqual(await chunkedSha256(Buffer.alloc(size, 7)))
    expect(written).toMatchObject({ ...at, size })
    expect(callsOf(server.requests).toSorted()).toEqual(calls.toSorted())
    expect(seen).toEqual({ opened: 1, closed: 1 })
  })

  it('tells its progress in bytes', async () => {
    const { objects } = await playedS3(taking())
    const told: string[] = []
    await objects.put(at, measured(17 * mebibyte).source, {
      onProgress: ({ done, total }) => told.push(`${done / mebibyte} of ${(total ?? 0) / mebibyte}`),
    })
    expect(told).toHaveLength(3)
    expect(told.at(-1)).toBe('17 of 17')
  })

  it('is read no further than 64 MiB ahead of S3, over all uploads of a backend', async () => {
    let answerAll: () => void = () => {}
    const mayAnswer = new Promise<void>((resolve) => (answerAll = resolve))
    let arrived = 0
    const { objects } = await playedS3(
      taking((request, response, body) => {
        arrived += 1
        void mayAnswer.then(() => text('', 200, { etag: '"e1"' })(request, response, body))
      }),
    )
    let read = 0
    const counting = (): ContentSource => ({
      size: 48 * mebibyte,
      open: async () => ({
        async read(into) {
          read += into.byteLength
        },
        close: async () => {},
      }),
    })
    const puts = ['a', 'b', 'c', 'd'].map((key) => objects.put({ bucket: 'data', key }, counting()))
    while (arrived < 8) await new Promise((resolve) => setImmediate(resolve))
    expect([arrived, read / mebibyte]).toEqual([8, 64])
    answerAll()
    await Promise.all(puts)
    expect(read / mebibyte).toBe(192)
  })
})

describe('a file that changes while it is read', () => {
  it.each([
    ['in one request', 5],
    ['in parts', 17 * mebibyte],
  ])('is a conflict, and nothing is written: %s', async (_how, size) => {
    const path = join(testFolder(), 'a.bin')
    writeFileSync(path, Buffer.alloc(size, 1))
    const { objects, server } = await playedS3(taking())
    const source = await fileContent(path)
    const changing: ContentSource = {
      ...source,
      async open() {
        const content = await source.open()
        return {
          ...content,
          async read(into, start) {
            await content.read(into, start)
            // In place: another part may be read just now, and would find the file cut short.
            writeFileSync(path, Buffer.alloc(size, 2), { flag: 'r+' })
          },
        }
      },
    }
    const error = await refusalOf(objects.put(at, changing))
    expect([error.code, error.message]).toEqual([
      'conflict',
      `${JSON.stringify(path)} changed while it was read; nothing was written`,
    ])
    const calls = callsOf(server.requests)
    expect(calls).not.toContain('PUT whole')
    expect(calls).not.toContain('POST uploadId')
    expect(calls.filter((call) => call.startsWith('DELETE'))).toHaveLength(size > 5 ? 1 : 0)
  })

  it('before it is opened is a conflict as well', async () => {
    const path = join(testFolder(), 'a.bin')
    writeFileSync(path, 'first')
    const { objects, server } = await playedS3(taking())
    const source = await fileContent(path)
    truncateSync(path, 2)
    expect((await refusalOf(objects.put(at, source))).code).toBe('conflict')
    expect(server.requests).toEqual([])
  })
})

describe('conditions', () => {
  it('are looked at first where S3 is not known to honour them, and before many bytes are sent', async () => {
    const there: Answer = (request, response, body) =>
      (request.method === 'HEAD' ? text('', 200, { etag: '"other"' }) : taking())(request, response, body)
    const { objects, server } = await playedS3(there)
    for (const size of [5, 9 * mebibyte]) {
      for (const condition of [{ ifAbsent: true }, { ifMatch: 'mine' }]) {
        expect((await refusalOf(objects.put(at, measured(size).source, condition))).code).toBe('conflict')
      }
    }
    expect(callsOf(server.requests)).toEqual(['HEAD whole', 'HEAD whole', 'HEAD whole', 'HEAD whole'])
  })

  it('hold when the ETag is the one that was named', async () => {
    const same: Answer = (request, response, body) =>
      (request.method === 'HEAD' ? text('', 200, { etag: '"mine"' }) : taking())(request, response, body)
    const { objects, server } = await playedS3(same)
    await objects.put(at, Buffer.from('x'), { ifMatch: 'mine' })
    expect(server.headers.at(-1)?.['if-match']).toBe('"mine"')
  })
})

describe('an upload in parts that fails', () => {
  it('sends no further part, waits for those under way, and is taken back', async () => {
    let parts = 0
    const { objects, server } = await playedS3(
      taking((request, response, body) => {
        parts += 1
        const answer = parts === 3 ? s3Says('AccessDenied', 403) : text('', 200, { etag: '"e1"' })
        answer(request, response, body)
      }),
    )
    const { source, seen } = measured(400 * mebibyte)
    expect((await refusalOf(objects.put(at, source))).code).toBe('forbidden')
    expect(parts).toBeLessThan(20)
    expect(callsOf(server.requests).at(-1)).toBe('DELETE uploadId')
    expect(seen).toEqual({ opened: 1, closed: 1 })
  })

  it('is taken back as well when the caller gives up', async () => {
    const controller = new AbortController()
    const { objects, server } = await playedS3(taking())
    const put = objects.put(at, measured(400 * mebibyte).source, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('the user left')),
    })
    await expect(put).rejects.toThrow('the user left')
    expect(callsOf(server.requests).at(-1)).toBe('DELETE uploadId')
  })
})
