// A package from its making to its end, over both transports and in both protocol eras, against real parts only.
import { createHash } from 'node:crypto'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, connectHttp, connectStdio, failure, type ProtocolRevision, revisions } from './clients.js'
import { aWorld, type HttpServer, onDisk, serveHttp, settingsOf, type World } from './world.js'

let world: World
let server: HttpServer

beforeAll(async () => {
  world = await aWorld()
  server = await serveHttp(settingsOf(world))
})
afterAll(async () => {
  await server.stop()
  await world.close()
})

const transports = {
  stdio: (revision: ProtocolRevision) =>
    connectStdio({ ...settingsOf(world), QUILT_API_KEY: world.ada.apiKey }, revision),
  http: (revision: ProtocolRevision) => connectHttp(`${server.origin}/mcp`, world.ada.sessionToken, revision),
}

const walks = (['stdio', 'http'] as const).flatMap((transport) =>
  revisions.map((revision) => ({ transport, revision, title: `over ${transport} in ${revision}` })),
)

describe.each(walks)('the life of a package, $title', ({ transport, revision }) => {
  const bucket = 'lab-a'
  const name = `life/${transport}-${revision}`
  const table = 'gene,count\nBRCA1,3\nTP53,5\n'
  let client: Client
  let first: string
  let second: string

  beforeAll(async () => {
    client = await transports[transport](revision)
  })
  afterAll(() => client.close())

  it('is spoken in the revision that was asked for', () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(revision)
  })

  it('begins: made from an S3 object and inline text', async () => {
    await call(client, 'object_put', { bucket, key: `raw/${name}.csv`, text: table })
    const made = await call(client, 'package_create', {
      package: name,
      bucket,
      message: 'First',
      metadata: '{"assay": "RNA", "ratio": 1.0, "cells": 12345678901234567890123}',
      entries: [
        { logical_key: 'data/counts.csv', uri: `s3://${bucket}/raw/${name}.csv`, metadata: { rows: 2 } },
        { logical_key: 'README.md', text: '# Counts\n' },
      ],
    })
    first = String(made.top_hash)
    expect(made).toMatchObject({ package: name, bucket, entries: 2, counts: { added: 2, kept: 0 } })
    expect(first).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is listed and browsed', async () => {
    const listed = await call(client, 'package_list', { bucket, filter: name })
    expect(listed.packages).toEqual([{ name, modified: expect.any(String) as string }])
    const root = await call(client, 'package_browse', { package: name, bucket })
    expect(root).toMatchObject({ top_hash: first, total_entries: 2 })
    expect((root.items as { name: string }[]).map((item) => item.name)).toEqual(['README.md', 'data'])
    const data = await call(client, 'package_browse', { package: name, bucket, path: 'data' })
    expect((data.items as { name: string }[]).map((item) => item.name)).toEqual(['counts.csv'])
  })

  it('is read through its own revision, though the object was overwritten since', async () => {
    const overwriting = { bucket, key: `raw/${name}.csv`, text: 'overwritten', overwrite: true }
    expect(await confirmed(client, 'object_put', overwriting)).toMatchObject({ replaced: true })
    const read = await call(client, 'object_read', {
      uri: `quilt+s3://${bucket}#package=${name}&path=data%2Fcounts.csv`,
    })
    expect(read.text).toEqual({ untrusted: table })
  })

  it('lies on disk byte for byte as Quilt writes it', async () => {
    const [counts, readme] = await Promise.all(
      ['data/counts.csv', 'README.md'].map((path) => physicalEntry(client, bucket, name, path)),
    )
    const manifest = [
      `{"version": "v0", "user_meta": {"assay": "RNA", "ratio": 1.0, "cells": 12345678901234567890123}, "message": "First"}`,
      line('README.md', readme, '# Counts\n', '{}'),
      line('data/counts.csv', counts, table, '{"user_meta": {"rows": 2}}'),
      '',
    ].join('\n')
    expect(await onDisk(world.dataDir, Buffer.from(manifest))).toBe(true)
  })

  it('is changed: one file added, one renamed, metadata merged, the rest kept', async () => {
    const changed = await call(client, 'package_update', {
      package: name,
      bucket,
      message: 'Second',
      add: [{ logical_key: 'data/more.csv', text: 'gene,count\nMYC,8\n' }],
      rename: { 'README.md': 'docs/README.md' },
      metadata: { reviewed: true },
    })
    second = String(changed.top_hash)
    expect(changed).toMatchObject({ previous: first, entries: 3, counts: { added: 1, renamed: 1, kept: 1 } })
  })

  it('shows what changed', async () => {
    const diff = await call(client, 'package_diff', { package: name, bucket, base: first, revision: second })
    expect(diff.counts).toEqual({ added: 1, moved: 1, unchanged: 1 })
    expect(diff.header_differs).toEqual(['user_meta', 'message'])
  })

  it('keeps both revisions, newest first', async () => {
    const { revisions: listed, latest } = await call(client, 'package_revisions', { package: name, bucket })
    expect((listed as { top_hash: string }[]).map((item) => item.top_hash)).toEqual([second, first])
    expect(latest).toBe(second)
  })

  it('refuses to be made again, and to be changed from an old base', async () => {
    const again = { package: name, bucket, message: 'Again', entries: [{ logical_key: 'x', text: 'x' }] }
    expect(await failure(client, 'package_create', again)).toMatchObject({
      code: 'conflict',
      nextTools: ['package_update', 'package_browse'],
    })
    const stale = { package: name, bucket, message: 'Stale', base: first, add: [{ logical_key: 'x', text: 'x' }] }
    expect(await failure(client, 'package_update', stale)).toMatchObject({ code: 'conflict' })
    expect((await call(client, 'package_revisions', { package: name, bucket })).latest).toBe(second)
  })

  it('loses one revision, then all, each only after it was confirmed', async () => {
    await confirmed(client, 'package_delete', { package: name, bucket, revision: second })
    expect((await call(client, 'package_revisions', { package: name, bucket })).latest).toBe(first)
    const gone = await confirmed(client, 'package_delete', { package: name, bucket, revision: 'all' })
    expect(gone).toMatchObject({ removed: [first], package_gone: true })
    expect((await call(client, 'package_list', { bucket, filter: name })).packages).toEqual([])
  })
})

/** Makes a call that asks first, the way a client without elicitation does: again, with the token of the question. */
async function confirmed(client: Client, tool: string, args: Record<string, unknown>) {
  const asked = await failure(client, tool, args)
  expect(asked.code).toBe('conflict')
  return call(client, tool, { ...args, confirm: asked.details?.confirm })
}

/** The physical key of a file, as browsing to it tells. */
async function physicalEntry(client: Client, bucket: string, name: string, path: string): Promise<string | undefined> {
  const { items } = await call(client, 'package_browse', { package: name, bucket, path })
  return (items as { physical_key?: string }[])[0]?.physical_key
}

/** An entry's line, written here by hand so that it does not come from the code under test. */
function line(logicalKey: string, physicalKey: string | undefined, content: string, meta: string): string {
  const hash = createHash('sha256').update(createHash('sha256').update(content).digest()).digest('base64')
  return `{"logical_key": "${logicalKey}", "physical_keys": ["${physicalKey}"], "size": ${content.length}, "hash": {"type": "sha2-256-chunked", "value": "${hash}"}, "meta": ${meta}}`
}
