import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../http/client.js'
import { bytesOf, refusalOf } from '../test/collect.js'
import { type Answer, faultServer, json, text } from '../test/fault-server.js'
import { stackAddress } from './address.js'
import { browseSessions } from './browse.js'
import { registryGraphql } from './graphql.js'

const revision = { bucket: 'data', name: 'a/b', topHash: 'f'.repeat(64) }
const minute = 60_000

/** A registry whose browse answers are given; sessions are s1, s2, ... and live three minutes of a clock set by hand. */
async function setUp(browse: Answer, { refresh = json({}) }: { refresh?: Answer } = {}) {
  let nowMs = Date.parse('2026-01-01T00:00:00Z')
  let sessions = 0
  const expires = () => new Date(nowMs + 3 * minute).toISOString()
  const server = await faultServer((request, response, body) => {
    const answer = (): Answer => {
      if (request.url === '/browse/set_browse_cookie')
        return text('', 200, { 'set-cookie': 'browse=cookie-1; Path=/; HttpOnly' })
      if (request.url?.startsWith('/browse/')) return browse
      if (body.includes('browsingSessionCreate')) {
        sessions += 1
        return json({
          data: { browsingSessionCreate: { __typename: 'BrowsingSession', id: `s${sessions}`, expires: expires() } },
        })
      }
      if (body.includes('browsingSessionRefresh')) return refresh
      if (body.includes('browsingSessionDispose'))
        return json({ data: { browsingSessionDispose: { __typename: 'Ok' } } })
      return json({ message: 'not here' }, 404)
    }
    answer()(request, response, body)
  })
  const http = createHttpClient({ pauseMs: 1 })
  onTestFinished(() => http.close())
  const address = stackAddress({ registryUrl: server.url }, { http })
  const graphql = registryGraphql({ ...address, token: 'secret', http })
  const sent = (part: string) => server.bodies.filter((body) => body.includes(`${part}(`)).length
  return {
    browse: browseSessions({ graphql, address, token: 'secret', http, now: () => nowMs }),
    server,
    expires,
    sent,
    advance: (ms: number) => (nowMs += ms),
    files: () => server.requests.filter((request) => request.startsWith('GET /browse/')),
  }
}

describe('browsing sessions', () => {
  it('one is opened for all reads of a revision, with its quilt+s3 URI', async () => {
    const { browse, server, sent, files } = await setUp(text('hello'))
    const answers = await Promise.all(['a.txt', 'b c/d#e?.txt', 'ключ'].map((key) => browse.read(revision, key)))
    expect((await Promise.all(answers.map(({ body }) => bytesOf(body)))).map(String)).toEqual([
      'hello',
      'hello',
      'hello',
    ])
    expect(sent('browsingSessionCreate')).toBe(1)
    expect(server.bodies.join()).toContain(`"scope":"quilt+s3://data#package=a/b@${revision.topHash}"`)
    expect([...files()].sort()).toEqual([
      'GET /browse/s1/%D0%BA%D0%BB%D1%8E%D1%87',
      'GET /browse/s1/a.txt',
      'GET /browse/s1/b%20c/d%23e%3F.txt',
    ])
  })

  it('token and cookie go to the registry, not to where it redirects', async () => {
    const s3 = await faultServer(text('bytes', 206, { 'content-range': 'bytes 0-4/99' }))
    const { browse, server } = await setUp(text('', 302, { location: `${s3.url}/data/a.txt?X-Amz-Signature=1` }))
    const answer = await browse.read(revision, 'a.txt', { range: 'bytes=0-4' })
    expect([answer.status, String(await bytesOf(answer.body))]).toEqual([206, 'bytes'])
    expect(server.headers.at(-1)).toMatchObject({
      authorization: 'Bearer secret',
      cookie: 'browse=cookie-1',
      range: 'bytes=0-4',
    })
    expect(s3.headers[0]).toMatchObject({ range: 'bytes=0-4' })
    expect(JSON.stringify(s3.headers)).not.toMatch(/secret|cookie-1/)
  })

  it('a circle of redirects is upstream', async () => {
    const { browse, files } = await setUp((request, response, body) =>
      text('', 302, { location: request.url ?? '' })(request, response, body),
    )
    const error = await refusalOf(browse.read(revision, 'a.txt'))
    expect([error.code, error.message]).toEqual([
      'upstream',
      'Reading a.txt: the package file server redirects in a circle',
    ])
    expect(files()).toHaveLength(6)
  })

  it.each(['file:///etc/passwd', 'gopher://x', 'http://['])('a redirect to %s is not followed', async (location) => {
    const { browse } = await setUp(text('', 302, { location }))
    expect((await refusalOf(browse.read(revision, 'a.txt'))).code).toBe('upstream')
  })

  it('a session that has ended is opened anew, once', async () => {
    let asked = 0
    const { browse, sent } = await setUp((request, response, body) => {
      asked += 1
      return (asked === 1 ? text('', 404) : text('hello'))(request, response, body)
    })
    expect(String(await bytesOf((await browse.read(revision, 'a.txt')).body))).toBe('hello')
    expect(sent('browsingSessionCreate')).toBe(2)
  })

  it.each([
    [404, 'not_found'],
    [403, 'forbidden'],
    [401, 'unauthenticated'],
    [500, 'upstream'],
  ])('HTTP %i is %s', async (status, code) => {
    const { browse } = await setUp(text('', status))
    expect((await refusalOf(browse.read(revision, 'a.txt'))).code).toBe(code)
  })

  it('a session is refreshed a minute before its end', async () => {
    const refreshed = json({
      data: { browsingSessionRefresh: { __typename: 'BrowsingSession', id: 's1', expires: '2026-01-01T00:10:00Z' } },
    })
    const { browse, sent, advance } = await setUp(text('hello'), { refresh: refreshed })
    await browse.read(revision, 'a.txt')
    advance(2 * minute - 1)
    await browse.read(revision, 'a.txt')
    expect(sent('browsingSessionRefresh')).toBe(0)
    advance(1)
    await Promise.all([browse.read(revision, 'a.txt'), browse.read(revision, 'a.txt')])
    expect([sent('browsingSessionRefresh'), sent('browsingSessionCreate')]).toEqual([1, 1])
  })

  it('one that can no longer be refreshed is replaced', async () => {
    const gone = json({
      data: {
        browsingSessionRefresh: {
          __typename: 'OperationError',
          name: 'SessionNotFound',
          message: 'gone',
          context: null,
        },
      },
    })
    const { browse, sent, advance } = await setUp(text('hello'), { refresh: gone })
    await browse.read(revision, 'a.txt')
    advance(2 * minute)
    await browse.read(revision, 'a.txt')
    expect(sent('browsingSessionCreate')).toBe(2)
  })

  it('close ends them', async () => {
    const { browse, sent } = await setUp(text('hello'))
    await browse.read(revision, 'a.txt')
    await browse.close()
    expect(sent('browsingSessionDispose')).toBe(1)
  })
})
