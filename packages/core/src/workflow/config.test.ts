import { describe, expect, it } from 'vitest'
import { parseWorkflowConfig } from './config.js'

const url = 's3://lab/.quilt/workflows/config.yml?versionId=v1'
const parse = (text: string) => parseWorkflowConfig(text, { url })
const minimal = (rest: string, version = '"1"') => `version: ${version}\nworkflows: {w: {name: W}}\n${rest}`

describe('parseWorkflowConfig', () => {
  it('reads everything a config may say', async () => {
    const text = `
version: {base: "1.1", catalog: "1.0"}
default_workflow: alpha
is_workflow_required: no
catalog: {package_handle: {files: <%= directory %>}}
workflows:
  alpha:
    name: Alpha
    description: The first
    metadata_schema: meta
    entries_schema: files
    handle_pattern: ^lab/
    is_message_required: yes
    catalog: {x: 1}
  beta: {name: Beta}
schemas:
  meta: {url: s3://lab/meta.json, note: kept out}
  files: {url: s3://lab/files.json}
successors:
  s3://prod: {title: Production, copy_data: off}
  s3://stage: {title: Staging}
`
    expect(await parse(text)).toMatchObject({
      url,
      version: '1.1',
      catalogVersion: '1.0',
      defaultWorkflow: 'alpha',
      isWorkflowRequired: false,
      catalog: new Map([['package_handle', new Map([['files', '<%= directory %>']])]]),
      workflows: new Map([
        [
          'alpha',
          {
            ...{ id: 'alpha', name: 'Alpha', description: 'The first', metadataSchema: 'meta', entriesSchema: 'files' },
            ...{ handlePattern: '^lab/', isMessageRequired: true },
            catalog: new Map([['x', { text: '1' }]]),
          },
        ],
        ['beta', { id: 'beta', name: 'Beta', isMessageRequired: false }],
      ]),
      schemas: new Map([
        ['meta', 's3://lab/meta.json'],
        ['files', 's3://lab/files.json'],
      ]),
      successors: new Map([
        ['s3://prod', { title: 'Production', copyData: false }],
        ['s3://stage', { title: 'Staging', copyData: true }],
      ]),
    })
  })

  it('requires a workflow unless told otherwise', async () => {
    expect(await parse(minimal(''))).toEqual({
      ...{ url, version: '1', isWorkflowRequired: true, schemas: new Map(), successors: new Map() },
      workflows: new Map([['w', { id: 'w', name: 'W', isMessageRequired: false }]]),
    })
  })

  it.each([
    ['a version that is a number', minimal('', '1'), '/version must be of type string; it is number 1'],
    ['a version with a leading zero', minimal('', '"01"'), /^\/version must match the pattern/],
    ['an object version without base', minimal('', '{catalog: "1"}'), '/version must have "base"'],
    ['an unknown key', minimal('owner: me'), 'the value may not have "owner"'],
    ['no workflows', 'version: "1"\nworkflows: {}', /^\/workflows must NOT have fewer than 1/],
    ['a workflow without name', 'version: "1"\nworkflows: {w: {}}', '/workflows/w must have "name"'],
    ['an unknown rule', 'version: "1"\nworkflows: {w: {name: W, x: 1}}', '/workflows/w may not have "x"'],
    ['an id that starts with a digit', 'version: "1"\nworkflows: {1w: {name: W}}', /may not have the key "1w"/],
    ['a boolean in quotes', minimal('is_workflow_required: "yes"'), /must be of type boolean; it is string "yes"/],
    ['a schema without url', minimal('schemas: {s: {}}'), '/schemas/s must have "url"'],
    ['an empty file', '', 'the value must be of type object; it is null'],
  ])('refuses %s, and says what would pass', async (_, text, message) => {
    const failure = typeof message === 'string' ? message : expect.stringMatching(message)
    await expect(parse(text)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { failures: expect.arrayContaining([expect.objectContaining({ message: failure })]) },
    })
  })

  it.each(['"1.1.1"', '"1.2"', '{base: "2"}'])('does not know version %s', async (version) => {
    await expect(parse(minimal('', version))).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('says where the YAML is broken', async () => {
    await expect(parse('version: "1"\nworkflows: [')).rejects.toMatchObject({
      code: 'invalid_input',
      details: { line: 2 },
    })
  })
})
