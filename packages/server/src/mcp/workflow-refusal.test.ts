import { QuiltError } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../tools/test/world.js'
import { explainedRefusal } from './workflow-refusal.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
  const put = (key: string, value: string) => world.ada.ok('object_put', { bucket: 'lab-a', key, text: value })
  await put(
    'donors.json',
    '{"type": "object", "required": ["assay", "donor"], "properties": {"cells": {"minimum": 100}}}',
  )
  await put(
    '.quilt/workflows/config.yml',
    `version: "1"
workflows:
  strict: {name: Strict, is_message_required: true, handle_pattern: "^public/", metadata_schema: donors}
schemas: {donors: {url: "s3://lab-a/donors.json"}}
`,
  )
})
afterAll(() => world.close())

const create = { package: 'study/refused', bucket: 'lab-a', message: 'One', entries: [{ logical_key: 'a', text: 'a' }] }
const resource = 'quilt-platform://buckets/lab-a/workflows/strict'

describe('the error of a package that a workflow refuses', () => {
  it('tells every rule that is not passed, and where to read what would pass', async () => {
    const error = await world.ada.fails('package_create', { ...create, workflow: 'strict', metadata: { cells: 7 } })
    expect(error).toMatchObject({
      code: 'invalid_input',
      hint: expect.stringMatching(new RegExp(` ${resource} says what passes: read it with get_resource\\.$`)),
      details: {
        workflow: 'strict',
        resource,
        failures: [
          { rule: 'handle_pattern', message: 'the package name study/refused must match the pattern "^public/"' },
          { rule: 'metadata_schema', keyword: 'required' },
          { rule: 'metadata_schema', keyword: 'required' },
          { rule: 'metadata_schema', path: '/cells', keyword: 'minimum' },
        ],
      },
      nextTools: ['get_resource'],
    })
    expect(await world.ada.ok('get_resource', { uri: resource })).toMatchObject({ uri: resource })
  })

  it.each([
    [undefined],
    [null],
    ['stict'],
  ])('says where the workflows are when %j is none of them', async (workflow) => {
    const error = await world.ada.fails('package_create', { ...create, ...(workflow !== undefined && { workflow }) })
    expect(error).toMatchObject({
      code: 'invalid_input',
      details: { workflows: ['strict'], resource: 'quilt-platform://buckets/lab-a/workflows' },
      nextTools: ['get_resource'],
    })
  })
})

describe('explainedRefusal', () => {
  const refusal = (count: number, message = 'wrong') =>
    new QuiltError('invalid_input', 'a/b does not pass the workflow w', {
      details: { workflow: 'w', failures: Array.from({ length: count }, () => ({ rule: 'metadata_schema', message })) },
    })

  it('tells ten failures at most, each in short', () => {
    const { details } = explainedRefusal(refusal(12, 'x'.repeat(1_000)), { bucket: 'lab-a' })
    const failures = details?.failures
    expect(failures).toHaveLength(11)
    expect(failures).toContainEqual({ rule: 'metadata_schema', message: `${'x'.repeat(300)}...` })
    expect(failures).toContainEqual({ message: 'and 2 more' })
  })

  it.each([
    [{ package: 'quilt+s3://lab-b#package=a/b' }, 'lab-b'],
    [{ package: 'quilt+s3://lab-a#package=a/b', to_bucket: 'lab-c' }, 'lab-c'],
    [{ bucket: 's3://lab-d/', entries: [{ uri: 's3://lab-e/x' }] }, 'lab-d'],
  ])('names the bucket that %j writes to', (args, bucket) => {
    expect(explainedRefusal(refusal(1), args).details?.resource).toBe(`quilt-platform://buckets/${bucket}/workflows/w`)
  })

  it('leaves every other error as it is', () => {
    const other = new QuiltError('invalid_input', 'the workflows config is not valid', {
      details: { failures: [{ path: '', rule: 'required', message: 'the value must have "version"' }] },
    })
    expect(explainedRefusal(other, { bucket: 'lab-a' })).toBe(other)
    const unplaced = refusal(1)
    expect(explainedRefusal(unplaced, undefined)).toBe(unplaced)
  })
})
