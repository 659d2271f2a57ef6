// What nobody should send, at a real server. `npm run fuzz -- --messages 100000` runs the same for longer.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CampaignResult, campaign } from './campaign.js'

const { FUZZ_MESSAGES = '3000', FUZZ_SEED = '20261121', FUZZ_FROM = '0' } = process.env
const messages = Number(FUZZ_MESSAGES)
/** What a server that serves broken messages may grow by after its warm-up. */
const boundMiB = 128
const slowestMs = 5000

const say = (text: string) => void process.stdout.write(`${text}\n`)

let result: CampaignResult
beforeAll(
  async () => {
    const started = Date.now()
    result = await campaign({
      messages,
      seed: Number(FUZZ_SEED),
      from: Number(FUZZ_FROM),
      onProgress: (done, rss) => {
        if (messages > 5000 && done % 5000 === 0) say(`${done} messages, RSS ${rss} MiB`)
      },
    })
    const { faults, ...rest } = result
    const seconds = (Date.now() - started) / 1000
    say(JSON.stringify({ fuzz: 'http', seed: Number(FUZZ_SEED), seconds, ...rest, faults: faults.length }, null, 1))
  },
  60_000 + messages * 100,
)
afterAll(() => {
  if (result.faults.length === 0) return
  say(result.faults.map((fault) => JSON.stringify(fault, null, 1)).join('\n'))
  say(`Again, the first alone: npm run fuzz -- --seed ${FUZZ_SEED} --from ${result.faults[0]?.index} --messages 1`)
})

it('answers each message, none with a failure of its own, all in forms that clients know', () => {
  expect(result.faults).toEqual([])
})

it('finds no defect in itself', () => {
  expect(result.defects).toEqual([])
})

it('stays alive all along, and says so', () => {
  expect(result.vitals.missed).toBe(0)
  expect(result.vitals.slowestMs).toBeLessThan(slowestMs)
})

it.skipIf(process.platform !== 'linux')('does not grow', () => {
  expect(result.rss).toBeDefined()
  const { warm = 0, most = 0 } = result.rss ?? {}
  expect(most).toBeLessThan(warm + boundMiB)
})
