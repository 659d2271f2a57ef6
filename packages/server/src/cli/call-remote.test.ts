import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSampleServer } from '../transport/test/sample-server.js'
import { callRemote } from './call-remote.js'

let server: Awaited<ReturnType<typeof startSampleServer>>
beforeAll(async () => {
  server = await startSampleServer(['ada-token'])
})
afterAll(() => server.close())

const call = (
  tool: string,
  args: Record<string, unknown>,
  { token = 'ada-token', answer }: { token?: string; answer?: boolean } = {},
) => callRemote({ tool, args }, { url: `${server.url}/mcp`, token, confirm: () => Promise.resolve(answer) })

describe('a call to a server over HTTP', () => {
  it('brings the result', async () => {
    expect((await call('quote', { text: 'hi', times: '1' })).structuredContent).toEqual({
      quoted: [{ untrusted: 'hi' }],
    })
  })

  it("brings the tool's error", async () => {
    expect((await call('quota', {})).structuredContent).toMatchObject({
      error: { code: 'not_found', nextTools: ['quote'] },
    })
  })

  it('does what the person confirms', async () => {
    expect((await call('wipe', { thing: 'x' }, { answer: true })).structuredContent).toEqual({ wiped: 'x' })
  })

  it.each([false, undefined])('changes nothing when the answer is %s', async (answer) => {
    const { structuredContent } = await call('wipe', { thing: 'x' }, answer === undefined ? {} : { answer })
    expect(structuredContent).toMatchObject({ error: { code: 'forbidden' } })
  })

  it('is unauthenticated with a token that the server does not accept', async () => {
    await expect(call('quote', { text: 'hi' }, { token: 'other' })).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('says that a server cannot be reached', async () => {
    const unreachable = callRemote(
      { tool: 'quote', args: {} },
      { url: 'http://127.0.0.1:9/mcp', token: 'a', confirm: () => Promise.resolve(true) },
    )
    await expect(unreachable).rejects.toMatchObject({ code: 'upstream', hint: 'Check --url; it ends in /mcp.' })
  })
})
