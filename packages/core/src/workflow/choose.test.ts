import { expect, it } from 'vitest'
import { chooseWorkflow } from './choose.js'
import { parseWorkflowConfig } from './config.js'

const url = 's3://lab/.quilt/workflows/config.yml?versionId=v1'
const config = (rest: string, from = url) =>
  parseWorkflowConfig(
    `version: "1"\nworkflows: {a: {name: A}, b: {name: B, metadata_schema: m, entries_schema: e}}\n${rest}`,
    { url: from },
  )
const schemas = 'schemas: {m: {url: s3://lab/m.json}, e: {url: s3://lab/e.json?versionId=2}}'

it('takes the named workflow, with its schemas', async () => {
  expect(chooseWorkflow(await config(schemas), 'b')).toMatchObject({
    configUrl: url,
    workflow: { id: 'b' },
    metadataSchema: { id: 'm', url: 's3://lab/m.json' },
    entriesSchema: { id: 'e', url: 's3://lab/e.json?versionId=2' },
  })
})

it('takes the default when nothing is said, none when that is said and allowed', async () => {
  const optional = await config('default_workflow: a\nis_workflow_required: false')
  expect(chooseWorkflow(optional, undefined)).toMatchObject({ workflow: { id: 'a' } })
  expect(chooseWorkflow(optional, null)).toEqual({ configUrl: url })
  expect(chooseWorkflow(await config('is_workflow_required: false'), undefined)).toEqual({ configUrl: url })
})

it('takes nothing where there are no workflows, and refuses to be asked for one', () => {
  expect(chooseWorkflow(undefined, undefined)).toBeUndefined()
  expect(() => chooseWorkflow(undefined, null)).toThrow('no workflow was asked for, but the registry has no workflows')
  expect(() => chooseWorkflow(undefined, 'a')).toThrow('the workflow "a" was asked for')
})

it.each([
  ['none where one is required', 'default_workflow: a', null, 'Name one of: a (A), b (B).'],
  ['none where one is required and there is no default', '', undefined, 'Name one of: a (A), b (B).'],
  ['one that is not there', '', 'toString', 'Name one of: a (A), b (B).'],
  ['a default that is not there', 'default_workflow: c', undefined, 'Correct default_workflow'],
  ['a schema that is not there', '', 'b', 'Add it to schemas'],
  ['a local schema', 'schemas: {m: {url: file:///m.json}}', 'b', 'Put the schema into a bucket'],
  ['a schema URL that is none', 'schemas: {m: {url: "http://x/m"}}', 'b', ''],
])('refuses %s, and says what to do', async (_, rest, asked, hint) => {
  const given = await config(rest)
  expect(() => chooseWorkflow(given, asked)).toThrow(
    expect.objectContaining({ code: 'invalid_input', hint: expect.stringContaining(hint) }),
  )
})

it('takes a local schema for a local registry', async () => {
  const local = await config(
    'schemas: {m: {url: file:///m.json}, e: {url: file:///e.json}}',
    'file:///r/.quilt/workflows/config.yml',
  )
  expect(chooseWorkflow(local, 'b')?.metadataSchema).toEqual({ id: 'm', url: 'file:///m.json' })
})
