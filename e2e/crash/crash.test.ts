// kill -9 in the midst of a push, at many points of it. Whatever the point: the old revision or the new one, never a third thing, and
// nothing is left over once the push was tried again. `npm run test:crash` does it at 200 points, of other seeds too.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Revision } from '@quilt-mcp/backends'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../world.js'
import { bundledPusher, push, type Run } from './cut-off.js'
import {
  type CrashedPackage,
  contents,
  firstMessage,
  firstPlan,
  largeBytes,
  secondMessage,
  sources,
  thirdPlan,
} from './plan.js'
import { type KillPoint, killPoint, randomNumbers } from './points.js'
import { type CrashWorld, filesIn, localWorld, stackWorld } from './worlds.js'

const points = Number(process.env.QUILT_CRASH_POINTS ?? 24)
const seed = Number(process.env.QUILT_CRASH_SEED ?? 20_261_121)
const random = randomNumbers(seed)

let folder: string
let stack: World
let program: string
let large: Buffer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quilt-crash-'))
  stack = await aWorld()
  program = await bundledPusher(folder)
  large = randomBytes(largeBytes)
  writeFileSync(join(folder, 'large.bin'), large)
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

const worlds = {
  iam: () => stackWorld('iam', stack, mkdtempSync(join(folder, 'home-'))),
  platform: () => stackWorld('platform', stack, mkdtempSync(join(folder, 'home-'))),
  local: () => localWorld(mkdtempSync(join(folder, 'local-'))),
}

describe.each(Object.keys(worlds) as (keyof typeof worlds)[])('a push by the %s backend that is killed', (name) => {
  let world: CrashWorld
  beforeAll(async () => {
    world = await worlds[name]()
    for (const { key, body } of sources) await world.backend.objects.put({ bucket: world.bucket, key }, body)
  })
  afterAll(() => world.close())

  const share = Math.ceil(points / Object.keys(worlds).length)
  it(`leaves the old revision or the new one, and a second push completes it (${share} points, seed ${seed})`, async () => {
    const undisturbed = await aPackage(world, 0)
    expect(await push(undisturbed)).toBe(false)
    const steps = await world.cutter.steps()
    await checkRevisions(undisturbed, ['second', 'first'])
    expect(await restsOf(undisturbed)).toEqual([])
    const hit = new Map<string, number>()
    let killed = 0
    for (let round = 1; killed < share; round += 1) {
      const point = killPoint(steps, random)
      // How often a step is taken is not the same in every run: some points are never reached.
      if (!(await crashOnce(await aPackage(world, round), point))) continue
      killed += 1
      hit.set(point.step, (hit.get(point.step) ?? 0) + 1)
    }
    process.stderr.write(`${name}: killed at ${JSON.stringify(Object.fromEntries(hit))}\n`)
  }, 3_600_000)
})

/** A package with its first revision. */
async function aPackage(world: CrashWorld, round: number): Promise<Run> {
  const crashed: CrashedPackage = {
    bucket: world.bucket,
    name: `crash/${world.name}-${round}`,
    round,
    largeFile: join(folder, 'large.bin'),
    replaces: world.versioned,
  }
  await world.backend.packages.push(firstPlan(crashed))
  return { program, world, crashed, temporary: join(folder, `tmp-${world.name}-${round}`) }
}

/** @returns whether the push was killed; else it took less steps, and was completed */
async function crashOnce(run: Run, point: KillPoint): Promise<boolean> {
  const at = `killed ${point.moment} ${point.step} ${point.nth} in ${run.crashed.name}`
  const killed = await push(run, point)
  if (killed) {
    const listed = (await revisions(run)).map(({ message }) => message)
    const [first, second] = [firstMessage(run.crashed), secondMessage(run.crashed)]
    expect([[first], [second, first]], at).toContainEqual(listed)
    await checkRevisions(run, listed.length === 1 ? ['first'] : ['second', 'first'], at)
    expect(await push(run), at).toBe(false)
  }
  await checkRevisions(run, ['second', 'first'], at)
  const { packages } = run.world.backend
  expect((await packages.resolve(run.crashed)).message, at).toBe(secondMessage(run.crashed))
  // What was killed after its last write has left its lock to whoever writes next.
  if (killed && run.world.name === 'local') await packages.push(thirdPlan(run.crashed))
  expect(await restsOf(run), at).toEqual([])
  return killed
}

async function revisions({ world, crashed }: Run): Promise<readonly Revision[]> {
  return (await world.backend.packages.revisions(crashed)).items
}

/** Checks that these revisions are there and no other, each with all its bytes, and which is latest. */
async function checkRevisions(run: Run, expected: readonly ('first' | 'second')[], at?: string): Promise<void> {
  const { world, crashed } = run
  const { packages } = world.backend
  const [first, second] = contents(crashed, large)
  const listed = await revisions(run)
  expect(listed, at).toHaveLength(expected.length)
  for (const [index, which] of expected.entries()) {
    const topHash = listed[index]?.topHash
    const reader = await packages.open(await packages.resolve(crashed, topHash))
    const files = (which === 'first' ? first : second) ?? new Map<string, Uint8Array>()
    const keys: string[] = []
    for await (const batch of reader.entries()) keys.push(...batch.map(({ logicalKey }) => logicalKey))
    expect(keys.toSorted(), at).toEqual([...files.keys()].toSorted())
    for (const [logicalKey, bytes] of files) {
      const chunks: Uint8Array[] = []
      for await (const chunk of (await reader.read(logicalKey)).body) chunks.push(chunk)
      expect(Buffer.concat(chunks).equals(bytes), `${at}: ${logicalKey} of the ${which}`).toBe(true)
    }
  }
  const { topHash } = await packages.resolve(crashed)
  expect(
    listed.map((revision) => revision.topHash),
    at,
  ).toContain(topHash)
}

/** What is left that belongs to nothing. */
const restsOf = async ({ world, temporary }: Run): Promise<readonly string[]> => [
  ...(await world.rests()),
  ...filesIn(temporary),
]
