import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, platformBackend } from '@quilt-mcp/backends'
import { chunkedSha256, QuiltError } from '@quilt-mcp/core'
import { startStack } from '@quilt-mcp/stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { localFileAccess } from '../../local-files/local-file-access.js'
import { catalogLinks } from '../../mcp/catalog-links.js'
import type { ToolContext } from '../../mcp/define-tool.js'
import { aWorld, clientOf, type World } from '../test/world.js'
import { objectPut } from './object-put.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('object_put', () => {
  const put = { bucket: 'lab-a', key: 'put/a.txt' }
  const textOf = async () => (await world.ada.ok('object_read', put)).text

  it('writes an object, and names as whom', async () => {
    const result = await world.ada.ok('object_put', { ...put, text: 'one' })
    expect(result).toMatchObject({ size: 3, replaced: false, by: { user: 'ada' } })
    expect(await textOf()).toEqual({ untrusted: 'one' })
  })

  it('refuses to replace an object unless told', async () => {
    expect(await world.ada.fails('object_put', { ...put, text: 'two' })).toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('overwrite: true'),
    })
    expect(await textOf()).toEqual({ untrusted: 'one' })
  })

  it('asks before it replaces, and then replaces exactly what was shown', async () => {
    const question = await world.ada.fails('object_put', { ...put, text: 'two', overwrite: true })
    expect(question).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Replace s3://lab-a/put/a.txt (3 bytes'),
    })
    const confirm = question.details?.confirm
    expect(await world.ada.fails('object_put', { ...put, text: 'other', overwrite: true, confirm })).toMatchObject({
      code: 'conflict',
    })
    expect(await world.ada.ok('object_put', { ...put, text: 'two', overwrite: true, confirm })).toMatchObject({
      replaced: true,
    })
    expect(await textOf()).toEqual({ untrusted: 'two' })
  })

  it.each([
    { text: '' },
    { base64: '' },
    { text: '', content_type: '' },
  ])('writes an empty object for %j', async (content) => {
    const place = { bucket: 'lab-a', key: `put/empty-${JSON.stringify(content)}` }
    expect(await world.ada.ok('object_put', { ...place, ...content })).toMatchObject({ size: 0 })
    expect(await world.ada.ok('object_read', place)).toMatchObject({ size: 0, note: 'The object is empty.' })
  })

  it('tells by dry_run what it would do, and writes nothing', async () => {
    const key = 'put/planned.txt'
    const plan = { bucket: 'lab-a', key, text: 'planned', dry_run: true }
    expect(await world.ada.ok('object_put', plan)).toMatchObject({
      uri: `s3://lab-a/${key}`,
      size: 7,
      replaced: false,
      dry_run: true,
      next: ['the same call without dry_run'],
    })
    expect((await world.ada.fails('object_info', { bucket: 'lab-a', key })).code).toBe('not_found')
    await world.ada.ok('object_put', { ...plan, dry_run: false })
    expect(await world.ada.fails('object_put', plan)).toMatchObject({
      code: 'conflict',
      message: `${key}: there already, and would not be replaced`,
    })
    expect(await world.ada.ok('object_put', { ...plan, text: 'other', overwrite: true })).toMatchObject({
      replaced: true,
      dry_run: true,
    })
    expect(
      await world.ada.fails('object_put', { bucket: 'lab-a', key, link: true, size: 1, dry_run: true }),
    ).toMatchObject({
      code: 'invalid_input',
      message: 'dry_run is given with link or upload_id',
    })
  })

  it.each([
    [{ ...put }, 'there is no content'],
    [{ ...put, text: '', base64: '' }, 'there is no content'],
    [{ ...put, text: 'a', base64: 'YQ==' }, 'both text and base64'],
    [{ ...put, text: 'a', local_path: '/a' }, 'both local_path and content'],
    [{ ...put, text: 'a', link: true, size: 1 }, 'content and link are given'],
    [{ ...put, text: 'a', items: [{ key: 'b', text: 'b' }] }, 'content and items are given'],
    [{ ...put, abort: true }, 'abort is given without upload_id'],
    [{ ...put, items: [{ key: 'b', text: 'b' }] }, 'key and items are given'],
    [{ bucket: 'lab-a', items: [] }, 'items is empty'],
    [{ bucket: 'lab-a', if_match: 'x', items: [{ key: 'b', text: 'b' }] }, 'if_match is of one object'],
    [
      {
        bucket: 'lab-a',
        items: [
          { key: 'b', text: '1' },
          { key: 's3://lab-a/b', text: '2' },
        ],
      },
      'is named twice',
    ],
    [{ ...put, link: true }, 'size is missing'],
    [{ bucket: 'lab-a', key: 'put/', text: 'a' }, 'the key ends in "/"'],
    [{ uri: 's3://lab-a/x?versionId=1', text: 'a' }, 'a version cannot be written'],
    [
      { uri: 'quilt+s3://lab-a#package=study/cells&path=x', text: 'a' },
      'a package is not changed by writing an object',
    ],
  ])('refuses %j', async (args, message) => {
    expect(await world.ada.fails('object_put', args)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(message),
    })
  })

  it("does not write into another tenant's bucket", async () => {
    const { code } = await world.ada.fails('object_put', { bucket: 'lab-b', key: 'x', text: 'x' })
    expect(['forbidden', 'not_found']).toContain(code)
  })
})

describe('object_put with a condition', () => {
  const at = { bucket: 'lab-a', key: 'put/matched.txt' }
  const etagOf = async () => (await world.ada.ok('object_info', at)).etag

  it('replaces the object of that ETag alone, once the user agreed', async () => {
    await world.ada.ok('object_put', { ...at, text: 'one' })
    const etag = await etagOf()
    expect(await world.ada.fails('object_put', { ...at, text: 'x', if_match: 'other' })).toMatchObject({
      code: 'conflict',
      message: 's3://lab-a/put/matched.txt: it has another ETag than if_match says; nothing was written',
    })
    expect(await world.ada.confirmed('object_put', { ...at, text: 'two', if_match: etag })).toMatchObject({
      replaced: true,
    })
    expect(await etagOf()).not.toBe(etag)
  })
})

describe('object_put of many', () => {
  const items = ['a', 'b', 'c'].map((name) => ({ key: `many/${name}.txt`, text: name }))

  it('writes all, and names each with its hash and version', async () => {
    const { items: written } = await world.ada.ok('object_put', { bucket: 'lab-a', items })
    const { value } = await chunkedSha256(Buffer.from('a'))
    expect(written).toHaveLength(3)
    expect(z.array(z.unknown()).parse(written)[0]).toEqual({
      uri: expect.stringMatching(/^s3:\/\/lab-a\/many\/a\.txt\?versionId=.+/),
      size: 1,
      hash: value,
      replaced: false,
    })
  })

  it('is an error when one fails: it says which were written and which were not, each with its reason', async () => {
    const more = [...items, { key: 'many/d.txt', text: 'd' }, { key: 's3://lab-b/many/e.txt', text: 'e' }]
    const error = await world.ada.fails('object_put', { bucket: 'lab-a', items: more.slice(0, 4) })
    expect([error.code, error.message]).toEqual(['partial', '1 of 4 objects were written, 3 were not'])
    expect(error.details).toEqual({
      written: [{ uri: expect.stringContaining('s3://lab-a/many/d.txt?versionId='), size: 1 }],
      failed: ['a', 'b', 'c'].map((name) => ({
        key: `many/${name}.txt`,
        code: 'conflict',
        message: `s3://lab-a/many/${name}.txt exists already; nothing was written`,
      })),
    })
    expect((await world.ada.fails('object_put', { bucket: 'lab-a', items })).code).toBe('conflict')
  })

  it('asks one question for all that would be replaced', async () => {
    const error = await world.ada.fails('object_put', { bucket: 'lab-a', items, overwrite: true })
    expect(error.message).toMatch(
      /Replace (s3:\/\/lab-a\/many\/[abc]\.txt \(1 bytes, of [^)]+\) by 1 bytes(, )?){3}\.$/,
    )
    const { items: written } = await world.ada.confirmed('object_put', { bucket: 'lab-a', items, overwrite: true })
    expect(written).toMatchObject([{ replaced: true }, { replaced: true }, { replaced: true }])
  })
})

describe('object_put by a link', () => {
  const ticketOf = (structure: Readonly<Record<string, unknown>>) =>
    z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }).parse(structure.upload)

  it('lets the client send the bytes, and says how', async () => {
    const at = { bucket: 'lab-a', key: 'put/linked.txt' }
    const result = await world.ada.ok('object_put', { ...at, link: true, size: 5, content_type: 'text/plain' })
    expect(result).toMatchObject({
      uri: 's3://lab-a/put/linked.txt',
      upload: { how: expect.stringContaining('curl -T') },
    })
    const { url, headers } = ticketOf(result)
    expect((await fetch(url, { method: 'PUT', headers, body: 'hello' })).status).toBe(200)
    expect((await fetch(url, { method: 'PUT', headers, body: 'other' })).status).toBe(412)
    expect(await world.ada.ok('object_read', at)).toMatchObject({ text: { untrusted: 'hello' } })
    expect((await world.ada.fails('object_put', { ...at, link: true, size: 5 })).code).toBe('conflict')
    const again = { ...at, link: true, size: 5, content_type: 'text/plain', overwrite: true }
    const replacing = ticketOf(await world.ada.confirmed('object_put', again))
    expect((await fetch(replacing.url, { method: 'PUT', headers: replacing.headers, body: 'third' })).status).toBe(200)
  })

  it('sends a large one in parts, and completes or gives up by the id of the upload', async () => {
    const at = { bucket: 'lab-a', key: 'put/parts.bin' }
    const size = 65 * 1_048_576
    const { upload } = await world.ada.ok('object_put', { ...at, link: true, size })
    const shape = z.object({
      upload_id: z.string(),
      part_size: z.int(),
      parts: z.array(z.object({ number: z.int(), url: z.string() })),
    })
    const { upload_id, part_size, parts } = shape.parse(upload)
    expect(parts).toHaveLength(9)
    expect(await world.ada.fails('object_put', { ...at, upload_id, size })).toMatchObject({ code: 'partial' })
    for (const { number, url } of parts) {
      const body = Buffer.alloc(Math.min(part_size, size - (number - 1) * part_size), 'q')
      expect((await fetch(url, { method: 'PUT', body })).status).toBe(200)
    }
    expect(await world.ada.ok('object_put', { ...at, upload_id, size })).toMatchObject({ size, replaced: false })
    expect((await world.ada.fails('object_put', { ...at, key: 'put/none.bin', upload_id, size })).code).toBe(
      'not_found',
    )
    await world.ada.ok('object_put', { ...at, upload_id, abort: true })
  })
})

describe('object_put of a local file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quilt-put-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const contextOf = (backend: Backend, more: Partial<ToolContext> = {}): ToolContext => ({
    backend,
    links: catalogLinks(undefined),
    signal: new AbortController().signal,
    onProgress() {},
    confirm: () => Promise.resolve(),
    readResource: () => Promise.resolve(''),
    ...more,
  })
  const run = (context: ToolContext, args: Readonly<Record<string, unknown>>) =>
    objectPut.run(context, objectPut.input.parse(args))

  it('streams it, tells the progress of all together, and gives its hash', async () => {
    const bytes = Buffer.alloc(9 * 1_048_576, 'q')
    for (const name of ['a.csv', 'b.csv']) writeFileSync(join(folder, name), bytes)
    const localFiles = localFileAccess({
      origin: { homeDir: homedir(), workingDir: folder, platform: process.platform },
      folders: [folder],
      closed: [],
    })
    const told: number[] = []
    const context = contextOf(world.ada.backend, { localFiles, onProgress: ({ done }) => told.push(done) })
    const items = ['a.csv', 'b.csv'].map((name) => ({ key: `files/${name}`, local_path: join(folder, name) }))
    const { structure } = await run(context, { bucket: 'lab-a', items })
    const { value: hash } = await chunkedSha256(bytes)
    expect(structure.items).toMatchObject([
      { hash, size: bytes.length },
      { hash, size: bytes.length },
    ])
    expect(told.at(-1)).toBe(2 * bytes.length)
    expect(await world.ada.ok('object_info', { bucket: 'lab-a', key: 'files/a.csv' })).toMatchObject({
      content_type: 'text/csv',
    })
  })

  it('is refused by a server that serves others, which says what to do instead', async () => {
    const error = await world.ada.fails('object_put', { bucket: 'lab-a', key: 'x', local_path: join(folder, 'a.csv') })
    expect([error.code, error.hint]).toEqual(['unsupported', expect.stringContaining('link: true')])
  })

  it('names what was written when the call is cancelled in the midst', async () => {
    const controller = new AbortController()
    const backend = world.ada.backend
    const objects: Backend['objects'] = {
      ...backend.objects,
      async put(location, content, options) {
        const written = await backend.objects.put(location, content, options)
        controller.abort()
        return written
      },
    }
    const context = contextOf({ ...backend, objects }, { signal: controller.signal })
    const items = Array.from({ length: 20 }, (_, n) => ({ key: `cancelled/${n}.txt`, text: `${n}` }))
    const error = await run(context, { bucket: 'lab-a', items }).catch((thrown: unknown) => thrown)
    if (!(error instanceof QuiltError)) throw error
    const { written, failed } = z
      .object({ written: z.array(z.object({ uri: z.string() })), failed: z.array(z.object({ code: z.string() })) })
      .parse(error.details)
    expect(error.code).toBe('partial')
    expect([written.length + failed.length, failed.at(-1)]).toEqual([20, { code: 'timeout' }])
  })
})

describe('object_put of a user without S3 credentials', () => {
  it.each([true, false])('when the registry offers forms: %s', async (uploadUrls) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'quilt-put-'))
    const stack = await startStack({ dataDir, credentialExchange: false, uploadUrls })
    const { admin, registryUrl, s3Endpoint } = stack
    admin.createBucket({ name: 'lab-a' })
    admin.createRole({ name: 'lab-a', permissions: { 'lab-a': 'READ_WRITE' } })
    admin.createUser({ name: 'ada', email: 'ada@example.com', role: 'lab-a' })
    const backend = platformBackend({ registryUrl, s3Endpoint, token: admin.apiKey('ada') })
    const ada = clientOf(backend, 'ada')
    const put = { bucket: 'lab-a', key: 'a.txt', text: 'hello' }
    const refused = await ada.fails('object_put', put)
    expect([refused.code, refused.hint]).toEqual([
      'unsupported',
      expect.stringContaining(uploadUrls ? 'overwrite: true' : 'aws s3 cp <file> s3://lab-a/a.txt'),
    ])
    if (uploadUrls) {
      const question = await ada.fails('object_put', { ...put, overwrite: true })
      expect(question.message).toContain('s3://lab-a/a.txt (what may be there cannot be seen) by 5 bytes')
      expect(await ada.confirmed('object_put', { ...put, overwrite: true })).toMatchObject({ size: 5, replaced: true })
    }
    await backend.close()
    await stack.close()
    rmSync(dataDir, { recursive: true })
  })
})
