// The calls of docs/guides/searching.md, as they stand there, in their order.
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, connectHttp, failure } from '../clients.js'
import { startDemo } from '../demo-process.mjs'
import { type GuideCall, guideCalls } from './guide-calls.js'

const calls = await guideCalls('searching.md')

let demo: Awaited<ReturnType<typeof startDemo>>
let ada: Client
beforeAll(async () => {
  demo = await startDemo()
  ada = await connectHttp(demo.mcpUrl, demo.users.ada.token)
})
afterAll(async () => {
  await ada.close()
  await demo.stop()
})

/** What the guide says of each call, in the order of the calls. */
const says: readonly Readonly<Record<string, unknown>>[] = [
  { total: 1, hits: [{ name: 'climate/global-change', matched: expect.arrayContaining([expect.anything()]) }] },
  { hits: [{ name: 'climate/global-change' }] },
  { hits: [{ name: 'climate/seattle-weather', entries: 4, 'meta./units': { untrusted: 'metric' } }] },
  { hits: [{ name: 'climate/global-change' }] },
  {
    understood: [{ filter: 'ext:csv' }, { said: 'larger than 10 kB', filter: 'size:>10KB' }],
    hits: expect.arrayContaining([
      expect.objectContaining({ bucket: 'demo-climate', key: expect.stringMatching(/csv$/) }),
    ]),
  },
  { hits: [], total: 2, facets: [{ field: 'meta' }, { field: 'entries', min: 4, max: 4 }] },
  { hits: [], facets: [{ field: 'ext' }] },
  { total: 2, hits: [{ name: 'climate/global-change' }], cursor: expect.any(String) },
  { total: 0, suggestions: expect.arrayContaining([expect.objectContaining({ query: 'name:*seattle*', finds: 1 })]) },
  { code: 'invalid_input', message: expect.stringMatching(/^the query, character \d+: /) },
  { code: 'invalid_input', message: 'objects cannot be searched by workflow' },
]

const run = async ({ tool, how, args }: GuideCall): Promise<unknown> => {
  const answer = how.startsWith('fails ') ? await failure(ada, tool, args) : await call(ada, tool, args)
  if (how.startsWith('fails ')) expect(answer).toMatchObject({ code: how.slice('fails '.length) })
  return answer
}

describe('the guide to searching', () => {
  it('says of each of its calls what it answers', () => {
    expect(calls).toHaveLength(says.length)
  })

  it.each(
    calls.map((one, index) => ({ ...one, index: index + 1 })),
  )('has a call $index, $tool $how, that does so', async ({ index, ...one }) => {
    expect(await run(one)).toMatchObject(says[index - 1] ?? {})
  })
})
