// Pushes to a registry that does not answer as it should. Pushes to a sound one are in registry.test.ts.
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../../http/client.js'
import { registryGraphql } from '../../registry-api/graphql.js'
import { refusalOf } from '../../test/collect.js'
import { type Answer, faultServer, hangUp, json, silence, text } from '../../test/fault-server.js'
import type { PushPlan } from '../port.js'
import { pushRevision } from './push.js'

const hashOf = (digit: string) => digit.repeat(64)
const entries = [{ logicalKey: 'a.txt', physicalKey: 's3://data/a.txt?versionId=1' }]
const plan: PushPlan = { bucket: 'data', name: 'a/b', message: 'second', entries }

const revision = (digit: string, message = 'second', totalEntries = 1) => ({
  hash: hashOf(digit),
  modified: '2026-01-01T00:00:00Z',
  message,
  totalEntries,
  totalBytes: 5,
})

interface PushOptions {
  readonly signal?: AbortSignal
  readonly lookPausesMs?: readonly number[]
}

/** A registry whose `latest` is the n-th of `latests` at the n-th look, and that answers a push by `construct`. */
async function registry(construct: Answer, ...latests: readonly (ReturnType<typeof revision> | null | 'silent')[]) {
  let looks = 0
  const waiting: { readonly looks: number; readonly tell: () => void }[] = []
  const server = await faultServer((request, response, body) => {
    if (body.includes('packageConstruct(')) return construct(request, response, body)
    const latest = latests[Math.min(looks, latests.length - 1)] ?? null
    looks += 1
    for (const one of waiting) if (one.looks === looks) response.on('finish', one.tell)
    if (latest === 'silent') return undefined
    return json({ data: { bucket: { name: 'data' }, package: latest && { revision: latest } } })(
      request,
      response,
      body,
    )
  })
  const http = createHttpClient({ pauseMs: 1, timeoutsMs: construct === silence ? { write: 100, quick: 100 } : {} })
  onTestFinished(() => http.close())
  const graphql = registryGraphql({ registryUrl: async () => server.url, token: 't', http })
  return {
    push: (change: Partial<PushPlan> = {}, { signal, lookPausesMs = [0, 1, 1] }: PushOptions = {}) =>
      pushRevision({ graphql, lookPausesMs }, { ...plan, ...change }, { signal }),
    /** Resolves when so many looks were answered. */
    looked: (count: number) => new Promise<void>((tell) => waiting.push({ looks: count, tell })),
    pushes: () => server.bodies.filter((body) => body.includes('packageConstruct(')),
  }
}

const made = json({ data: { packageConstruct: { __typename: 'PackagePushSuccess', revision: revision('2') } } })

describe('the base of a push', () => {
  it.each([
    ['holds', hashOf('1'), revision('1')],
    ['is not asked for', undefined, revision('1')],
    ['is that there is no package', null, null],
  ])('goes through when it %s', async (_case, base, latest) => {
    const { push } = await registry(made, latest)
    expect((await push(base === undefined ? {} : { base })).revision.topHash).toBe(hashOf('2'))
  })

  it.each([
    ['has moved', hashOf('1'), revision('3'), `expected latest to be ${hashOf('1')}, but latest is ${hashOf('3')}`],
    ['is gone', hashOf('1'), null, `expected latest to be ${hashOf('1')}, but there is none`],
    [
      'exists though it must not',
      null,
      revision('3'),
      `expected that there is no such package, but latest is ${hashOf('3')}`,
    ],
  ])('is a conflict when it %s, and nothing is sent', async (_case, base, latest, message) => {
    const { push, pushes } = await registry(made, latest)
    const error = await refusalOf(push({ base }))
    expect([error.code, error.message]).toEqual(['conflict', `a/b in data: ${message}; nothing was written`])
    expect(pushes()).toEqual([])
  })
})

describe('a push without a clear answer', () => {
  it.each([
    ['silence', silence],
    ['a lost connection', hangUp],
    ['HTTP 502', text('bad gateway', 502)],
    ['HTTP 504', text('gateway timeout', 504)],
    ['data with errors', json({ data: { packageConstruct: null }, errors: [{ message: 'half' }] })],
  ])('after %s the new revision is looked for, and found', async (_fault, construct) => {
    const { push, pushes } = await registry(construct, revision('1', 'first'), revision('1', 'first'), revision('2'))
    expect((await push()).revision).toMatchObject({ topHash: hashOf('2'), message: 'second', totalEntries: 1 })
    expect(pushes()).toHaveLength(1)
  })

  it.each([
    ['nothing new', revision('1', 'first')],
    ["someone else's revision", revision('3', 'third')],
    ['one with other entries', revision('3', 'second', 7)],
  ])('is an error after %s, says that it still may appear, and is not sent again', async (_case, latest) => {
    const { push, pushes } = await registry(silence, revision('1', 'first'), latest)
    const error = await refusalOf(push())
    expect([error.code, error.retryable]).toEqual(['timeout', false])
    expect(error.message).toContain('no new revision of a/b has appeared so far, but it still may')
    expect(error.nextTools).toEqual(['package_revisions'])
    expect(pushes()).toHaveLength(1)
  })

  it('says so, too, when the registry answers nothing any more: neither the push nor a look', async () => {
    const { push, pushes } = await registry(silence, revision('1', 'first'), 'silent')
    const error = await refusalOf(push())
    expect([error.code, error.retryable, error.nextTools]).toEqual(['timeout', false, ['package_revisions']])
    expect(error.message).toContain('no new revision of a/b has appeared so far, but it still may')
    expect(pushes()).toHaveLength(1)
  })

  it('ends with the reason of the caller who aborts between two looks', async () => {
    const { push, looked } = await registry(hangUp, revision('1', 'first'))
    const controller = new AbortController()
    const reason = new Error('the user left')
    const pushing = push({}, { signal: controller.signal, lookPausesMs: [0, 60_000] })
    void looked(2).then(() => setImmediate(() => controller.abort(reason)))
    await expect(pushing).rejects.toBe(reason)
  })

  it('a refusal is not looked after', async () => {
    const refused = json({
      data: { packageConstruct: { __typename: 'OperationError', name: 'AWSError', message: 'no', context: null } },
    })
    const { push } = await registry(refused, revision('1', 'first'), revision('2'))
    expect((await refusalOf(push())).code).toBe('upstream')
  })
})

describe('what a push sends', () => {
  const sent = async (change: Partial<PushPlan>): Promise<unknown> => {
    const { push, pushes } = await registry(made, revision('1'))
    await push(change)
    return JSON.parse(pushes()[0] ?? '').variables
  }

  it('workflow: absent, null and an id are absent, "" and the id', async () => {
    expect(await sent({})).not.toHaveProperty('params.workflow')
    expect(await sent({ workflow: null })).toHaveProperty('params.workflow', '')
    expect(await sent({ workflow: 'alpha' })).toHaveProperty('params.workflow', 'alpha')
  })

  it('user metadata: absent, null and {} stay three things', async () => {
    expect(await sent({})).not.toHaveProperty('params.userMeta')
    expect(await sent({ userMeta: null })).toHaveProperty('params.userMeta', null)
    expect(await sent({ userMeta: new Map() })).toHaveProperty('params.userMeta', {})
  })

  it('entries go verbatim, without what was not given', async () => {
    const entry = {
      logicalKey: 'b',
      physicalKey: 's3://data/b',
      size: 3,
      hash: { type: 'SHA256', value: 'ab'.repeat(32) },
      meta: new Map([['user_meta', null]]),
    }
    expect(await sent({ entries: [...entries, entry] })).toHaveProperty('src.entries', [
      { logicalKey: 'a.txt', physicalKey: 's3://data/a.txt?versionId=1' },
      { ...entry, meta: { user_meta: null } },
    ])
  })

  it('metadata that is not an object is refused before anything is sent', async () => {
    const { push, pushes } = await registry(made, revision('1'))
    expect((await refusalOf(push({ userMeta: ['a'] }))).code).toBe('invalid_input')
    expect(pushes()).toEqual([])
  })

  it.each(['a', 'a/b/c', 'a/b c', 'a.b/c'])('the name %s is refused before anything is sent', async (name) => {
    const { push, pushes } = await registry(made, revision('1'))
    expect((await refusalOf(push({ name }))).code).toBe('invalid_input')
    expect(pushes()).toEqual([])
  })
})
