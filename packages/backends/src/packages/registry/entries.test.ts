// Reading the entries of a revision from sources that fail. Reading from sound ones is in registry.test.ts.
import { type Entry, QuiltError } from '@quilt-mcp/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CredentialSource } from '../../credentials/exchange.js'
import { createHttpClient } from '../../http/client.js'
import { s3Objects } from '../../objects/s3.js'
import { s3Access } from '../../objects/s3-access.js'
import { registryGraphql } from '../../registry-api/graphql.js'
import { refusalOf } from '../../test/collect.js'
import { type Answer, faultServer, json, text } from '../../test/fault-server.js'
import type { Revision } from '../port.js'
import { readEntries } from './entries.js'

const hash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }
const value = (meta: unknown = {}) => ({ physicalKey: 's3://data/k?versionId=1', size: 5, hash, meta })
const line = (key: string) =>
  `${JSON.stringify({ logical_key: key, physical_keys: ['s3://data/k?versionId=1'], size: 5, hash, meta: {} })}\n`
const header = '{"version": "v0", "message": null}\n'

const s3Object = (body: string): Answer => text(body, 200, { etag: '"e1"' })
const flatMap = (contents: unknown): Answer => json({ data: { package: { revision: { contentsFlatMap: contents } } } })

const issued: CredentialSource = (() => {
  const credentials = { accessKeyId: 'k', secretAccessKey: 's', sessionToken: 't', expiresAtMs: Date.now() + 3_600_000 }
  return { available: async () => true, get: async () => credentials, drop: () => {} }
})()
const refused: CredentialSource = (() => {
  const error = new QuiltError('forbidden', 'no exchange')
  return { available: async () => false, get: async () => Promise.reject(error), drop: () => {} }
})()

interface Sources {
  readonly totalEntries?: number
  readonly registry: Answer
  readonly s3?: Answer
  readonly credentials?: CredentialSource
}

async function read({ totalEntries, registry, s3: s3Answer = text('', 500), credentials = issued }: Sources) {
  const [graphqlServer, s3Server] = [await faultServer(registry), await faultServer(s3Answer)]
  const http = createHttpClient({ pauseMs: 1 })
  onTestFinished(() => http.close())
  const graphql = registryGraphql({ registryUrl: async () => graphqlServer.url, token: 't', http })
  const s3 = s3Access({ credentials, http, endpoint: s3Server.url, region: async () => 'us-east-1' })
  const objects = s3Objects({ s3 })
  const revision: Revision = {
    bucket: 'data',
    name: 'a/b',
    topHash: 'f'.repeat(64),
    ...(totalEntries === undefined ? {} : { totalEntries }),
  }
  const entries: Entry[] = []
  for await (const batch of readEntries({ graphql, objects, credentials }, revision)) entries.push(...batch)
  return {
    keys: entries.map(({ logicalKey }) => logicalKey),
    entries,
    asked: graphqlServer.bodies,
    s3: s3Server.requests,
  }
}

describe('the entries of a small revision', () => {
  it('come from the flat map, in tree order, with their metadata', async () => {
    const contents = {
      'data.csv': value(),
      'data-1/y': value(null),
      'data/x': value({ user_meta: { a: 1 } }),
      Z: { ...value(), meta: undefined },
    }
    const { keys, entries, s3 } = await read({ totalEntries: 4, registry: flatMap(contents) })
    expect(keys).toEqual(['Z', 'data/x', 'data-1/y', 'data.csv'])
    expect(entries.map(({ meta }) => meta.size)).toEqual([0, 1, 0, 0])
    expect(s3).toEqual([])
  })

  it.each([
    ['fewer than the revision has', { a: value() }],
    ['more than the revision has', { a: value(), b: value(), c: value() }],
    ['one without hash', { a: value(), b: { ...value(), hash: null } }],
    ['one without size', { a: value(), b: { ...value(), size: null } }],
    ['one without physical key', { a: value(), b: { ...value(), physicalKey: null } }],
    ['one whose metadata is a text', { a: value(), b: value('text') }],
    ['one that is null', { a: value(), b: null }],
  ])('are partial with %s', async (_case, contents) => {
    expect((await refusalOf(read({ totalEntries: 2, registry: flatMap(contents) }))).code).toBe('partial')
  })

  it('are partial when the registry answers with data and errors', async () => {
    const half = json({
      data: { package: { revision: { contentsFlatMap: null } } },
      errors: [{ message: 'Internal Server Error' }],
    })
    expect((await refusalOf(read({ totalEntries: 2, registry: half }))).code).toBe('partial')
  })
})

describe('the entries of a large revision', () => {
  const totalEntries = 10_001
  const keysOf = (count: number) => Array.from({ length: count }, (_, index) => `k${String(index).padStart(6, '0')}`)
  const manifest = (keys: readonly string[]) => s3Object(header + keys.map(line).join(''))

  it('come from the manifest, and the registry is not asked', async () => {
    const { keys, asked, s3 } = await read({
      totalEntries,
      registry: text('', 500),
      s3: manifest(keysOf(totalEntries)),
    })
    expect(keys).toEqual(keysOf(totalEntries))
    expect([asked, s3]).toEqual([[], [`GET /data/.quilt/packages/${'f'.repeat(64)}?x-id=GetObject`]])
  })

  it('come in tree order from a manifest in another order', async () => {
    const { keys } = await read({ totalEntries, registry: text('', 500), s3: manifest(keysOf(totalEntries).reverse()) })
    expect(keys).toEqual(keysOf(totalEntries))
  })

  it.each([
    ['fewer lines than the revision has', manifest(keysOf(totalEntries - 1)), 'partial'],
    ['more lines than the revision has', manifest(keysOf(totalEntries + 1)), 'partial'],
    ['a line that is cut', s3Object(header + line('a').slice(0, -20)), 'partial'],
    ['nothing', s3Object(''), 'partial'],
    ['a web page', text('<html>\n</html>\n'), 'upstream'],
    ['lines that are not JSON', s3Object('<html>\n</html>\n'), 'upstream'],
  ])('are never taken from a manifest with %s', async (_case, s3, code) => {
    expect((await refusalOf(read({ totalEntries, registry: text('', 500), s3 }))).code).toBe(code)
  })

  it.each([
    ['the exchange is refused', refused, text('', 500)],
    ['the role may not read the manifest', issued, text('<Error><Code>AccessDenied</Code></Error>', 403)],
  ])('come from the flat map, asked for all of them, when %s', async (_case, credentials, s3) => {
    const contents = Object.fromEntries(keysOf(totalEntries).map((key) => [key, value()]))
    const { keys, asked } = await read({ totalEntries, registry: flatMap(contents), s3, credentials })
    expect(keys).toHaveLength(totalEntries)
    expect(asked.map((body) => JSON.parse(body).variables.max)).toEqual([totalEntries])
  })

  it('are partial when the registry then gives no list', async () => {
    expect((await refusalOf(read({ totalEntries, registry: flatMap(null), credentials: refused }))).code).toBe(
      'partial',
    )
  })

  it('are found in the manifest also when the registry does not know how many there are', async () => {
    const { keys } = await read({ registry: flatMap(null), s3: manifest(keysOf(3)) })
    expect(keys).toEqual(keysOf(3))
  })
})
