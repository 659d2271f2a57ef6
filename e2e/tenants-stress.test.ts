// Many tenants at one server, briefly: what `npm run bench:tenants` does for longer. And that it would notice.
import { beforeAll, describe, expect, it } from 'vitest'
import { markerOf, markersIn } from '../bench/tenants/markers.js'
import { type StressResult, stress } from '../bench/tenants/stress.js'

const size = { tenants: 20, calls: 800, concurrency: 40, seed: 20261121, quietSeconds: 1 }
const limitMs = 180_000

describe('twenty tenants at once, with disturbances upstream', () => {
  let result: StressResult
  beforeAll(async () => {
    result = await stress(size)
  }, limitMs)

  it('get nothing of one another, whatever they ask for', () => {
    expect(result.crossings).toEqual({ count: 0, first: [] })
    const refused = result.rows.filter(({ call }) => call.includes('another'))
    expect(refused.reduce((sum, row) => sum + row.refused, 0)).toBeGreaterThan(size.calls / 20)
  })

  it('get what is their own, or an error that says why not', () => {
    expect(result.wrong).toEqual({ count: 0, first: [] })
    const [ok, failed] = (['ok', 'failed'] as const).map((what) => result.rows.reduce((sum, row) => sum + row[what], 0))
    expect(ok).toBeGreaterThan(10 * (failed ?? 0))
  })

  it('leave no trace in the logs, and their tokens at no other registry', () => {
    expect(result.logLines).toBeGreaterThan(size.calls)
    expect(result.leaks).toEqual([])
  })

  it('leave nothing open', () => {
    expect(result.after.requestsUnderWay).toBe(0)
    expect(result.after.backendsOpen).toBeLessThanOrEqual(size.tenants)
  })

  it('were disturbed, and were joined by servers on stdio', () => {
    expect(result.upstream.disturbed).toBeGreaterThan(20)
    expect(result.calls.stdio).toBeGreaterThan(20)
  })
})

it('notices a tenant that comes with the token of another', { timeout: limitMs }, async () => {
  const { crossings } = await stress({ ...size, tenants: 10, calls: 100, plant: true })
  expect(crossings.count).toBeGreaterThan(0)
  expect(crossings.first.map(({ tenant, what }) => `${tenant}: ${what}`)).toContainEqual(
    expect.stringMatching(/^0: holds quiltmark[ns]0008/),
  )
})

describe('a marker', () => {
  const marker = markerOf('s', 42, '0123456789ab')
  const found = [{ tenant: 42, text: marker }]

  it.each<[string, string]>([
    ['as it is', `text ${marker} text`],
    ['in a JSON text inside of a JSON text', JSON.stringify({ text: JSON.stringify({ marker }) })],
    ['in base64', Buffer.from(marker).toString('base64')],
    ['in base64, after one other byte', Buffer.from(`x${marker}x`).toString('base64')],
    ['in base64, after two', Buffer.from(`xx${marker}xx`).toString('base64')],
    [
      'in base64 for URLs, in the middle of more',
      `cursor=${Buffer.from(`{"key":"${marker}"}`).toString('base64url')}&x`,
    ],
    ['in hex', Buffer.from(marker).toString('hex')],
  ])('is found %s', (_how, text) => {
    expect(markersIn(text)).toEqual(found)
  })

  it('is found in upper case, and when it was cut', () => {
    expect(markersIn(marker.toUpperCase())).toEqual(found)
    expect(markersIn(marker.slice(0, 20))).toEqual([{ tenant: 42, text: marker.slice(0, 20) }])
  })

  it('is no other text', () => {
    expect(markersIn('quiltmark, a quilt mark and quiltmarks')).toEqual([])
  })
})
