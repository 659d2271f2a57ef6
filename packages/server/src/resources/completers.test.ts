import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { complete } from '../mcp/complete.js'
import { narrowedCaller } from '../mcp/narrowing/narrowed-caller.js'
import { keptLog, sampleCaller } from '../mcp/test/sample-tools.js'
import { createToolRegistry } from '../mcp/tool-registry.js'
import { aWorld, type Client, type World } from '../tools/test/world.js'
import { platformTemplates } from './index.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
  await world.ada.ok('object_put', {
    bucket: 'lab-a',
    key: '.quilt/workflows/config.yml',
    text: 'version: "1"\nworkflows: {strict: {name: S}, open: {name: O}, old-strict: {name: X}}\nis_workflow_required: false\n',
  })
})
afterAll(() => world.close())

const one = 'quilt-platform://buckets/{bucket}/workflows/{id}'

const completed = (
  client: Client,
  variable: string,
  typed: string,
  others: Record<string, string> = {},
  { uriTemplate = one, buckets }: { uriTemplate?: string; buckets?: readonly string[] } = {},
) => {
  const caller = sampleCaller({ backend: () => Promise.resolve(client.backend) })
  const narrowing = { readOnly: false, ...(buckets !== undefined && { buckets: new Set(buckets) }) }
  return complete(
    { registry: createToolRegistry([]), resources: [], templates: platformTemplates, log: keptLog(), resultChars: 1 },
    narrowedCaller(caller, narrowing),
    { uriTemplate, variable, typed, others, requestId: 'test', signal: new AbortController().signal },
  )
}

describe('completions', () => {
  it('name the buckets of the caller alone', async () => {
    expect(await completed(world.ada, 'bucket', '')).toEqual({ values: ['lab-a'], total: 1, hasMore: false })
    expect(await completed(world.grace, 'bucket', 'LAB')).toEqual({ values: ['lab-b'], total: 1, hasMore: false })
    expect((await completed(world.grace, 'bucket', 'lab-a')).values).toEqual([])
  })

  it('name no bucket beyond those that the connection is narrowed to', async () => {
    expect((await completed(world.ada, 'bucket', '', {}, { buckets: ['lab-b'] })).values).toEqual([])
    expect((await completed(world.ada, 'id', '', { bucket: 'lab-a' }, { buckets: ['lab-b'] })).values).toEqual([])
  })

  it('name the workflows of the bucket, those first that begin as it is typed', async () => {
    expect((await completed(world.ada, 'id', '', { bucket: 'lab-a' })).values).toEqual(['strict', 'open', 'old-strict'])
    expect((await completed(world.ada, 'id', 'str', { bucket: 'lab-a' })).values).toEqual(['strict', 'old-strict'])
  })

  it('name the packages of the bucket, and paths of a package level by level', async () => {
    const uriTemplate = 'quilt-platform://buckets/{bucket}/packages/{+name}/entries/{+path}'
    const bucket = 'lab-a'
    expect(await completed(world.ada, 'name', 'CELL', { bucket }, { uriTemplate })).toEqual({
      values: ['study/cells'],
      total: 1,
      hasMore: false,
    })
    expect((await completed(world.ada, 'name', '*', { bucket }, { uriTemplate })).values).toHaveLength(2)
    const path = async (typed: string, name = 'study/cells') =>
      (await completed(world.ada, 'path', typed, { bucket, name }, { uriTemplate })).values
    expect(await path('')).toEqual(['README.md', 'data/'])
    expect(await path('data/p')).toEqual(['data/pixel.png'])
    expect(await path('none/')).toEqual([])
    expect(await path('', 'study/none')).toEqual([])
  })

  it('are empty where nothing can be offered yet', async () => {
    for (const others of [{}, { bucket: 'lab-b' }, { bucket: 'nowhere' }, { bucket: 'No Bucket' }]) {
      expect(await completed(world.ada, 'id', '', others)).toMatchObject({ values: [], hasMore: false })
    }
  })

  it('refuse a variable or template that there is not', async () => {
    await expect(completed(world.ada, 'ids', '')).rejects.toMatchObject({ code: 'not_found' })
    await expect(completed(world.ada, 'id', '', {}, { uriTemplate: 'quilt-platform://me' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
