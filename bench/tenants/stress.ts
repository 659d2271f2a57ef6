// The isolation stress: many tenants on one HTTP server, and two on stdio servers of their own, all at once, with disturbances upstream.
import { type Random, randomOf } from '../../e2e/fuzz/random.js'
import { type Call, fillingCalls, foreignCall, type Handles, handleCalls, ownCall } from './calls.js'
import { type Exchanged, type Exchanger, exchanger } from './exchange.js'
import { judge } from './judge.js'
import { leaksInLogs, watchTokens } from './leaks.js'
import { eras, headersOf, messageOf } from './message.js'
import { createTally, type Findings, type Row, type Tally } from './tally.js'
import type { Tenant } from './tenants.js'
import { type Vitals, vitalsAtRest } from './vitals.js'
import { type StressWorld, startWorld } from './world.js'

export interface StressOptions {
  readonly tenants: number
  readonly calls: number
  readonly concurrency: number
  readonly seed: number
  /** How long the server has to be quiet before it is looked at. Default: longer than idle connections upstream are kept. */
  readonly quietSeconds?: number | undefined
  /** One tenant sends another's token under its own name: the stress has to find it. */
  readonly plant?: boolean | undefined
  onProgress?(said: string): void
}

export interface StressResult {
  /** Calls over HTTP: to warm up, then those that were asked for; and over stdio meanwhile. */
  readonly calls: { readonly warmUp: number; readonly http: number; readonly stdio: number }
  readonly rows: readonly Row[]
  readonly crossings: Findings
  readonly wrong: Findings
  readonly leaks: readonly string[]
  readonly logLines: number
  /** At rest: after the warm-up, and after all. */
  readonly before: Vitals
  readonly after: Vitals
  readonly upstream: { readonly requests: number; readonly disturbed: number }
  readonly seconds: number
}

/** One call in so many is for what is another's, and one of the others is given up by its client. */
const [foreignOneIn, leavingOneIn] = [6, 25]
const mostPatienceMs = 80
const warmUpShare = 0.2
/** A call that takes longer is told of. */
const longSeconds = 30
const defaultQuietSeconds = 6

/** Runs it. @throws when what the tenants have could not be made, before anything is disturbed */
export async function stress(options: StressOptions): Promise<StressResult> {
  const world = await startWorld({ count: options.tenants, seed: options.seed })
  const http = exchanger(world.server.origin)
  try {
    return await run(options, world, http)
  } finally {
    http.close()
    await world.close()
  }
}

async function run(options: StressOptions, world: StressWorld, http: Exchanger): Promise<StressResult> {
  const { concurrency, seed, calls, onProgress = () => {} } = options
  const { desktops, server, metricsUrl, upstream } = world
  const tally = createTally()
  const overHttp = clientOf(http)
  const judged = judging(world, tally)

  const made = await atOnce(concurrency, world.tenants, (tenant) => filled(tenant, overHttp, judged))
  for (const { tenant, client } of desktops) await filled(tenant, (_, call) => client.exchange(call), judged)
  onProgress(`${world.tenants.length} tenants have their data`)

  const tenants = options.plant === true ? withPlanted(world.tenants) : world.tenants
  const strayed = watchTokens(world.tenants, upstream)
  const draw = (random: Random, index: number, tenant: Tenant): Call => {
    if (!random.oneIn(foreignOneIn)) return ownCall({ tenant, random, index })
    const at = (tenants.indexOf(tenant) + 1 + random.below(tenants.length - 1)) % tenants.length
    const [victim, stolen] = [tenants[at], made[at]]
    if (victim === undefined || stolen === undefined) throw new RangeError(`there is no tenant ${at}`)
    return foreignCall({ tenant, random, index, victim, stolen, catalogs: Object.values(upstream.registryUrls) })
  }
  const one = async (index: number) => {
    const random = randomOf(seed, index)
    const tenant = random.pick(tenants)
    const call = draw(random, index, tenant)
    const leaves = random.oneIn(leavingOneIn) ? 1 + random.below(mostPatienceMs) : undefined
    const asked = performance.now()
    judged(call, tenant, index, await overHttp(tenant, call, { random, abortAfterMs: leaves }))
    const seconds = (performance.now() - asked) / 1000
    if (seconds > longSeconds) onProgress(`call ${index}, ${call.row}, took ${seconds.toFixed(0)} s`)
  }
  const many = (from: number, count: number) =>
    atOnce(
      concurrency,
      Array.from({ length: count }, (_, at) => from + at),
      one,
    )

  upstream.disturb(true)
  const warmUp = Math.ceil(calls * warmUpShare)
  await many(0, warmUp)
  const atRest = () => {
    http.close()
    return vitalsAtRest(server.pid, metricsUrl, options.quietSeconds ?? defaultQuietSeconds)
  }
  const before = await atRest()
  onProgress(`${warmUp} calls to warm up; ${before.rssMiB ?? '?'} MiB at rest`)
  const started = performance.now()
  const stop = { isTime: false }
  const stdio = Promise.all(
    desktops.map(async ({ tenant, client }, user) => {
      let count = 0
      for (; !stop.isTime; count++) {
        const random = randomOf(seed ^ (user + 1), count)
        const call = draw(random, count, tenant)
        if (call.headers === undefined && call.path === undefined)
          judged(call, tenant, count, await client.exchange(call))
      }
      return count
    }),
  )
  await many(warmUp, calls)
  const seconds = (performance.now() - started) / 1000
  stop.isTime = true
  const stdioCalls = (await stdio).reduce((sum, count) => sum + count, 0)
  upstream.disturb(false)
  onProgress('all calls are answered')
  const after = await atRest()
  const { lines, leaks } = leaksInLogs(world)
  const { requests, disturbed } = upstream.traffic()
  return {
    calls: { warmUp, http: calls, stdio: stdioCalls },
    rows: tally.rows(),
    crossings: tally.crossings,
    wrong: tally.wrong,
    leaks: [...leaks, ...strayed()],
    logLines: lines,
    before,
    after,
    upstream: { requests, disturbed },
    seconds,
  }
}

type Client = (
  tenant: Tenant,
  call: Call,
  how?: { readonly random: Random; readonly abortAfterMs: number | undefined },
) => Promise<Exchanged>

/** Sends each call in the name of its tenant, in an era that is drawn. */
function clientOf(http: Exchanger): Client {
  return (tenant, call, how) => {
    const era = how?.random.pick(eras) ?? eras[0]
    return http.exchange({
      path: call.path ?? '/mcp',
      headers: { ...headersOf(call, era), ...tenant.headers, ...call.headers },
      body: JSON.stringify(messageOf(call, era, 1)),
      abortAfterMs: how?.abortAfterMs,
    })
  }
}

type Judging = (call: Call, tenant: Tenant, index: number, exchanged: Exchanged) => void

function judging({ tenants, desktops, upstream }: StressWorld, tally: Tally): Judging {
  const people = [...tenants, ...desktops.map(({ tenant }) => tenant)]
  const byToken = new Map(people.map(({ registryToken, index }) => [registryToken, index]))
  const { keyOwners } = upstream.traffic()
  const keyOwner = (keyId: string) => byToken.get(keyOwners.get(keyId) ?? '')
  return (call, tenant, index, exchanged) =>
    tally.add(judge(call, tenant, exchanged, keyOwner), { call: call.row, tenant: tenant.index, index })
}

const handle = { objectsCursor: 'cursor', packageCursor: 'cursor', confirm: 'confirm' } as const

/** Makes what a tenant has, and gets its handles. */
async function filled(tenant: Tenant, client: Client, judged: Judging): Promise<Handles> {
  const asked = async (call: Call): Promise<Exchanged> => {
    const exchanged = await client(tenant, call)
    judged(call, tenant, -1, exchanged)
    return exchanged
  }
  for (const call of fillingCalls(tenant)) {
    const { body } = await asked(call)
    if (!call.holds.every((text) => body.includes(text)))
      throw new Error(`${call.row} of tenant ${tenant.index}: ${body}`)
  }
  const calls = handleCalls(tenant)
  const get = async (name: keyof Handles): Promise<string> => {
    const { body } = await asked(calls[name])
    const found = new RegExp(`"${handle[name]}":"([^"]+)"`).exec(body)?.[1]
    if (found === undefined) throw new Error(`${calls[name].row} of tenant ${tenant.index} gave no ${name}: ${body}`)
    return found
  }
  return {
    objectsCursor: await get('objectsCursor'),
    packageCursor: await get('packageCursor'),
    confirm: await get('confirm'),
  }
}

/** The first tenant with the token of the next one of its kind and stack. */
function withPlanted(tenants: readonly Tenant[]): readonly Tenant[] {
  const [first, ...others] = tenants
  const next = others.find(({ kind, stack }) => kind === first?.kind && stack === first.stack)
  if (first === undefined || next === undefined) throw new RangeError('too few tenants to plant one')
  return [{ ...first, headers: next.headers }, ...others]
}

/** Does all, so many at once. @returns what each gave, in their order */
async function atOnce<T, R>(width: number, all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const left = all.entries()
  const worker = async () => {
    for (const [at, one] of left) results[at] = await work(one)
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}
