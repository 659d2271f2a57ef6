// The calls of docs/guides/making-packages.md, as they stand there, in their order.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { call, connectHttp, failure } from '../clients.js'
import { startDemo } from '../demo-process.mjs'
import { cli } from '../world.js'
import { type GuideCall, guideCalls } from './guide-calls.js'

const calls = await guideCalls('making-packages.md')

let demo: Awaited<ReturnType<typeof startDemo>>
let ada: Client
let home: string
beforeAll(async () => {
  demo = await startDemo()
  ada = await connectHttp(demo.mcpUrl, demo.users.ada.token)
  home = await mkdtemp(join(tmpdir(), 'quilt-guide-'))
  await mkdir(join(home, 'results'))
  await writeFile(join(home, 'results/run.csv'), '1,2\n')
})
afterAll(async () => {
  await ada.close()
  await demo.stop()
  await rm(home, { recursive: true, force: true })
})

async function run({ tool, how, args }: GuideCall): Promise<unknown> {
  if (how.startsWith('fails ')) {
    const error = await failure(ada, tool, args)
    expect(error.code).toBe(how.slice('fails '.length))
    return error
  }
  if (how === 'confirmed') {
    const { details } = await failure(ada, tool, args)
    return call(ada, tool, { ...args, confirm: details?.confirm })
  }
  if (how !== 'local') return call(ada, tool, args)
  const own = [cli, 'call', tool, JSON.stringify(args), '--backend', 'local', '--local-registry', './registry']
  const { stdout } = await promisify(execFile)(process.execPath, own, { cwd: home, env: { HOME: home } })
  return JSON.parse(stdout)
}

const page = z.object({ items: z.array(z.object({ name: z.string(), type: z.string() })) })

/** The paths of all files of a package. */
async function filesOf(name: string, path = ''): Promise<readonly string[]> {
  const { items } = page.parse(await call(ada, 'package_browse', { package: name, bucket: 'demo-climate', path }))
  const found = await Promise.all(
    items.map(async (item) => (item.type === 'file' ? [`${path}${item.name}`] : filesOf(name, `${path}${item.name}/`))),
  )
  return found.flat()
}

describe('the guide to making packages', () => {
  it('shows every tool that makes, changes or removes packages', () => {
    expect(new Set(calls.map(({ tool }) => tool))).toEqual(
      new Set([
        'package_create',
        'package_create_from_s3',
        'package_update',
        'object_put',
        'get_resource',
        'package_promote',
        'package_delete',
      ]),
    )
  })

  it.each(
    calls.map((one, index) => ({ ...one, index: index + 1 })),
  )('has a call $index, $tool $how, that does so', async (one) => {
    await run(one)
  })

  it('leaves the packages that it speaks of', async () => {
    const { packages } = await call(ada, 'package_list', { bucket: 'demo-climate', filter: 'guide/*' })
    expect(packages).toMatchObject([{ name: 'guide/everything' }, { name: 'guide/picked' }])
    expect(await filesOf('guide/picked')).toEqual(['README.md', 'data/temperature/global-temp.csv', 'notes/today.md'])
    expect(await filesOf('guide/everything')).toEqual([
      'README.md',
      'global-change/precipitation/annual-precip.json',
      'quilt_summarize.json',
      'tables/global-change/co2/co2-concentration.csv',
      'tables/global-change/temperature/global-temp.csv',
      'tables/seattle-weather/daily/seattle-and-new-york.csv',
      'tables/seattle-weather/daily/seattle-weather.csv',
      'tables/seattle-weather/hourly/seattle-weather-hourly-normals.csv',
    ])
    expect(await filesOf('released/checked')).toEqual(['a.txt'])
  })
})
