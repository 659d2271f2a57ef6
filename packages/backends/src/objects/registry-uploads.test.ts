// Uploads of a user to whom the registry gives no AWS credentials: where it offers forms, and where it does not.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chunkedSha256 } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import type { HttpClient } from '../http/client.js'
import { createHttpClient } from '../http/client.js'
import { platformBackend } from '../platform.js'
import { createUploadUrlOffers } from '../registry-api/upload-url-offers.js'
import { refusalOf } from '../test/collect.js'
import { faultServer, json, text } from '../test/fault-server.js'
import { testHttp } from '../test/s3-server.js'
import { testFolder } from '../test/store-world.js'
import { startWorld, type World } from '../test/world.js'
import { fileContent } from './content.js'

const at = (key: string) => ({ bucket: 'lab-a', key })
const noExchange = { credentialExchange: false } as const

describe('where the registry offers upload forms', () => {
  let world: World
  let ada: Backend
  const asked: string[] = []
  const offers = createUploadUrlOffers()
  beforeAll(async () => {
    world = await startWorld({ ...noExchange, uploadUrls: true })
    const http: HttpClient = {
      ...world.http,
      send(request) {
        const operation = /(?:query|mutation) (\w+)/.exec(String(request.body))?.[1]
        asked.push(operation ?? `${request.method} ${request.url.pathname}`)
        return world.http.send(request)
      },
    }
    ada = await world.backendOf('ada', { http, uploadUrlOffers: offers })
  })
  afterAll(() => world.close())

  /** The version and bytes that lie at a key: what forms wrote, only the stack itself can show. */
  const push = (key: string, versionId: string | undefined) =>
    ada.packages.push({
      bucket: 'lab-a',
      name: 'posted/package',
      message: null,
      entries: [{ logicalKey: 'a', physicalKey: `s3://lab-a/${key}?versionId=${versionId}` }],
    })

  it('text is posted, with the hash and version that a package needs', async () => {
    const body = Buffer.from('hello')
    const { hash, versionId, size, etag } = await ada.objects.put(at('posted/a.txt'), body, {
      contentType: 'text/plain',
    })
    expect([hash, size, versionId]).toEqual([await chunkedSha256(body), 5, expect.any(String)])
    expect(etag).toMatch(/^[0-9a-f]{32}$/)
    const { revision } = await push('posted/a.txt', versionId)
    const entry = await (await ada.packages.open(revision)).entry('a')
    expect([entry.size, entry.hash]).toEqual([5, hash])
  })

  it('a file is posted as it is read, and its progress told', async () => {
    const path = join(testFolder(), 'a.bin')
    const bytes = Buffer.alloc(20 * 1_048_576 + 1, 'quilt')
    writeFileSync(path, bytes)
    const told: number[] = []
    const content = await fileContent(path)
    const { hash, versionId } = await ada.objects.put(at('posted/a.bin'), content, {
      onProgress: ({ done }) => told.push(done),
    })
    expect([hash, told.at(-1)]).toEqual([await chunkedSha256(bytes), bytes.byteLength])
    const { revision } = await push('posted/a.bin', versionId)
    expect((await (await ada.packages.open(revision)).entry('a')).hash).toEqual(hash)
  })

  it('a file that changes meanwhile is a conflict, and nothing is written', async () => {
    const path = join(testFolder(), 'a.bin')
    writeFileSync(path, 'first')
    const source = await fileContent(path)
    const changing = {
      ...source,
      async open() {
        const content = await source.open()
        const check = async () => {
          writeFileSync(path, 'other!')
          await content.check?.()
        }
        return { ...content, check }
      },
    }
    expect((await refusalOf(ada.objects.put(at('posted/changing.bin'), changing))).code).toBe('conflict')
  })

  it('the client gets a form when it shall send the bytes by itself', async () => {
    const ticket = await ada.uploads?.begin(at('posted/by-client.txt'), { size: 5, contentType: 'text/plain' })
    if (ticket?.kind !== 'form') throw new Error(`it is a ${ticket?.kind}`)
    const form = new FormData()
    for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value)
    form.append('file', new Blob(['hello']))
    expect((await fetch(ticket.url, { method: 'POST', body: form })).status).toBe(204)
  })

  it('it is asked once what it offers, by all backends together', async () => {
    const other = await world.backendOf('grace', { uploadUrlOffers: offers })
    await other.objects.put({ bucket: 'lab-b', key: 'a' }, Buffer.from('x'))
    expect(asked.filter((operation) => operation === 'UploadUrlOffer')).toHaveLength(1)
  })

  it.each([
    ['another tenant', { bucket: 'lab-b', key: 'x' }, {}, 'forbidden'],
    ['a condition', at('x'), { ifAbsent: true }, 'unsupported'],
    ['metadata', at('x'), { metadata: { a: 'b' } }, 'unsupported'],
    ['no key', at(''), {}, 'invalid_input'],
  ])('%s is refused', async (_what, location, options, code) => {
    expect((await refusalOf(ada.objects.put(location, Buffer.from('x'), options))).code).toBe(code)
  })
})

describe('where the registry offers none', () => {
  let world: World
  let ada: Backend
  beforeAll(async () => {
    world = await startWorld(noExchange)
    ada = await world.backendOf('ada')
  })
  afterAll(() => world.close())

  it('a put says why, and what to do by hand, ready to paste', async () => {
    const refused = await refusalOf(ada.objects.put(at("raw/it's a.txt"), Buffer.from('x')))
    expect([refused.code, refused.message]).toEqual([
      'unsupported',
      's3://lab-a/raw/it%27s%20a.txt cannot be uploaded from here: the registry gives you no S3 credentials, and offers no upload forms',
    ])
    expect(refused.details?.workarounds).toEqual([
      `In the web catalog: ${world.stack.registryUrl}/b/lab-a`,
      `With the AWS CLI and credentials of your own: aws s3 cp <file> 's3://lab-a/raw/it'\\''s a.txt'`,
      `Then package_create with entries: [{"logical_key": "it's a.txt", "uri": "s3://lab-a/raw/it's a.txt"}]`,
    ])
  })

  it('a link to upload is refused with the same words', async () => {
    const begun = ada.uploads?.begin(at('a'), { size: 1 }) ?? Promise.resolve()
    expect((await refusalOf(begun)).details?.reason).toBe('no-upload')
  })
})

describe('a registry that misbehaves', () => {
  const offer = {
    data: {
      __type: {
        fields: [
          {
            name: 'generateUploadUrl',
            args: ['bucket', 'key', 'contentType'].map((name) => ({ name })),
            type: { fields: null, ofType: { fields: ['uploadUrl', 'fields', 'expires'].map((name) => ({ name })) } },
          },
        ],
      },
    },
  }
  const form = (uploadUrl: string) => ({
    data: { generateUploadUrl: { uploadUrl, fields: { key: 'a' }, expires: '2099-01-01T00:00:00Z' } },
  })
  /** A registry that issues no credentials, and answers one operation after the other. */
  const registry = async (answers: readonly unknown[]) => {
    let asked = 0
    return faultServer((request, response, body) => {
      if (request.url !== '/graphql') return json({ message: 'no' }, 403)(request, response, body)
      asked += 1
      json(answers[Math.min(asked, answers.length) - 1])(request, response, body)
    })
  }
  const backendAt = (registryUrl: string, http: HttpClient = testHttp()) =>
    platformBackend({ registryUrl, token: 't', http })

  it('leads no server for many to a place inside its network', async () => {
    const { url } = await registry([offer, form('http://127.0.0.1:9/lab-a')])
    const http = createHttpClient({ reach: { kind: 'public', alsoOrigins: [url] } })
    const refused = await refusalOf(backendAt(url, http).objects.put(at('a'), Buffer.from('x')))
    expect([refused.code, refused.details?.reason]).toEqual(['forbidden', 'private-address'])
    await http.close()
  })

  it.each([
    ['fields of another form', { data: { generateUploadUrl: { uploadUrl: 'http://x', fields: 3, expires: 'x' } } }],
    ['a URL that is none', form('file:///etc/passwd')],
  ])('is upstream with %s', async (_what, answer) => {
    const { url } = await registry([offer, answer])
    expect((await refusalOf(backendAt(url).objects.put(at('a'), Buffer.from('x')))).code).toBe('upstream')
  })

  it.each([
    [
      'has the mutation in another form',
      { data: { __type: { fields: [{ name: 'generateUploadUrl', args: [], type: {} }] } } },
    ],
    ['does not tell its schema', { errors: [{ message: 'GraphQL introspection is not allowed' }] }],
    ['has no mutations', { data: { __type: null } }],
  ])('offers nothing when it %s', async (_what, answer) => {
    const { url } = await registry([answer])
    const refused = await refusalOf(backendAt(url).objects.put(at('a'), Buffer.from('x')))
    expect(['unsupported', 'upstream']).toContain(refused.code)
  })

  it('is told apart from an S3 that refuses the form', async () => {
    const s3 = await faultServer(text('<Error><Code>AccessDenied</Code></Error>', 403))
    const { url } = await registry([offer, form(s3.url)])
    const refused = await refusalOf(backendAt(url).objects.put(at('a'), Buffer.from('x')))
    expect([refused.code, refused.details]).toEqual(['forbidden', { status: 403, message: 'AccessDenied' }])
    expect(s3.headers[0]?.authorization).toBeUndefined()
  })
})
