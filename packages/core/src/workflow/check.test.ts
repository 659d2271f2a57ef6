import { describe, expect, it } from 'vitest'
import { encodeManifestJson } from '../json/encode.js'
import { fromPlain } from '../json/plain.js'
import { anEntry } from '../test/revisions.js'
import { checkWorkflow, type LoadedSchema, type WorkflowSubject, workflowRecord } from './check.js'
import { chooseWorkflow, type WorkflowChoice } from './choose.js'
import { parseWorkflowConfig } from './config.js'

const url = 's3://lab/.quilt/workflows/config.yml?versionId=v1'
/** The choice of a workflow with these rules. */
async function choice(rules: object): Promise<WorkflowChoice> {
  const file = {
    version: '1',
    workflows: { w: { name: 'W', ...rules } },
    schemas: { m: { url: 's3://lab/m.json' }, e: { url: 's3://lab/e.json' } },
  }
  const chosen = chooseWorkflow(await parseWorkflowConfig(JSON.stringify(file), { url }), 'w')
  if (chosen === undefined) throw new Error('nothing was chosen')
  return chosen
}
const loaded = (schemas: Record<string, unknown>) =>
  new Map<string, LoadedSchema>(
    Object.entries(schemas).map(([id, schema]) => [
      id,
      { text: JSON.stringify(schema), url: `s3://lab/${id}.json?versionId=7` },
    ]),
  )
const subject = (changes: Partial<WorkflowSubject>): WorkflowSubject => ({
  ...{ name: 'lab/cells', message: 'first', userMeta: undefined, entries: [] },
  ...changes,
})
const checked = async (rules: object, changes: Partial<WorkflowSubject>, schemas: Record<string, unknown> = {}) =>
  checkWorkflow(await choice(rules), subject(changes), loaded(schemas))

describe('checkWorkflow', () => {
  it('asks for a commit message', async () => {
    const rules = { is_message_required: true }
    expect(await checked(rules, { message: 'first' })).toEqual([])
    for (const message of ['', null, undefined]) {
      expect(await checked(rules, { message })).toEqual([
        {
          rule: 'is_message_required',
          message: 'the workflow w requires a commit message: give one that is not empty',
        },
      ])
    }
  })

  it('searches the handle pattern anywhere in the name, as Python does', async () => {
    expect(await checked({ handle_pattern: 'cel' }, {})).toEqual([])
    expect(await checked({ handle_pattern: '^(?P<ns>prod)/\\Z' }, {})).toEqual([
      { rule: 'handle_pattern', message: 'the package name lab/cells must match the pattern "^(?P<ns>prod)/\\\\Z"' },
    ])
  })

  it('checks the metadata: absent is {}, null is null', async () => {
    const schemas = { m: { type: 'object', properties: { n: { type: 'integer' } } } }
    const rules = { metadata_schema: 'm' }
    expect(await checked(rules, {}, schemas)).toEqual([])
    expect(await checked(rules, { userMeta: null }, schemas)).toMatchObject([{ path: '', keyword: 'type' }])
    expect(await checked(rules, { userMeta: fromPlain({ n: 1.5 }) }, schemas)).toEqual([
      {
        ...{ rule: 'metadata_schema', path: '/n', keyword: 'type' },
        message: 'the package metadata: /n must be of type integer; it is number 1.5 (schema m)',
      },
    ])
  })

  it('checks the entries: key, size and what users wrote as metadata', async () => {
    const item = {
      properties: { logical_key: { pattern: '^data/' }, size: { minimum: 1 }, meta: { required: ['lane'] } },
      additionalProperties: false,
    }
    const rules = { entries_schema: 'e' }
    const meta = new Map([
      ['user_meta', fromPlain({ lane: 1 })],
      ['format', 'csv'],
    ])
    const good = anEntry('data/a', 'x', { meta })
    expect(await checked(rules, { entries: [[good]] }, { e: { items: item } })).toEqual([])
    expect(await checked(rules, { entries: [[good], [anEntry('data/b')]] }, { e: { items: item } })).toEqual([
      {
        ...{ rule: 'entries_schema', path: '/meta', keyword: 'required', logicalKey: 'data/b' },
        message: 'the entry "data/b": /1/meta must have "lane" (schema e)',
      },
    ])
    expect(await checked(rules, {}, { e: { minItems: 1 } })).toMatchObject([{ path: '', keyword: 'minItems' }])
  })

  it('names every entry that does not pass, 20 of them, and counts the others', async () => {
    const schemas = { e: { items: { properties: { size: { minimum: 2 } } } } }
    const three = [[anEntry('a', 'x'), anEntry('b', 'long'), anEntry('c', 'x')]]
    const failures = await checked({ entries_schema: 'e' }, { entries: three }, schemas)
    expect(failures.map(({ logicalKey, message }) => [logicalKey, message])).toEqual([
      ['a', 'the entry "a": /0/size must be >= 2; it is 1 (schema e)'],
      ['c', 'the entry "c": /2/size must be >= 2; it is 1 (schema e)'],
    ])
    const many = [Array.from({ length: 105 }, (_, n) => anEntry(String(n), 'x'))]
    const shown = await checked({ entries_schema: 'e' }, { entries: many }, schemas)
    expect([shown.length, shown.at(-1)?.message]).toEqual([
      20,
      'the entry "19": /19/size must be >= 2; it is 1 (schema e); 85 more entries do not pass it',
    ])
  })

  it('tells all rules that fail, in the order of quilt3', async () => {
    const rules = { is_message_required: true, handle_pattern: '^x', metadata_schema: 'm', entries_schema: 'e' }
    const failures = await checked(rules, { message: '' }, { m: false, e: false })
    expect(failures.map(({ rule }) => rule)).toEqual([
      ...['is_message_required', 'handle_pattern', 'metadata_schema', 'entries_schema'],
    ])
  })

  it('passes everything when no workflow was chosen', async () => {
    expect(await checkWorkflow({ configUrl: url }, subject({ message: '' }), new Map())).toEqual([])
  })

  it.each([
    ['is not given', {}, /"m" was not given/],
    ['has a $ref', { m: { $ref: '#' } }, /"m" of the workflow cannot be used: the schema has a \$ref/],
  ])('throws when a schema %s', async (_, schemas, message) => {
    await expect(checked({ metadata_schema: 'm' }, {}, schemas)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(message),
    })
  })
})

describe('workflowRecord', () => {
  it('names the workflow, the config and the schemas with the versions that were read', async () => {
    const record = workflowRecord(
      await choice({ entries_schema: 'e', metadata_schema: 'm' }),
      loaded({ e: true, m: true }),
    )
    expect(encodeManifestJson(record)).toBe(
      `{"id": "w", "config": "${url}", "schemas": {"m": "s3://lab/m.json?versionId=7", "e": "s3://lab/e.json?versionId=7"}}`,
    )
  })

  it('says null for none, and has no schemas where none was read', () => {
    expect(encodeManifestJson(workflowRecord({ configUrl: url }, new Map()))).toBe(`{"id": null, "config": "${url}"}`)
  })
})
