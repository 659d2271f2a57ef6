import { encodeJson } from '@quilt-mcp/core'
import { expect } from 'vitest'
import type { PushPlan } from '../../packages/port.js'
import { refusalOf } from '../collect.js'
import { type ContractCase, type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { files, fresh, jsonOf, opened } from './made.js'

const key = '.quilt/workflows/config.yml'

/** A case in a bucket that has this workflow config. */
const configured = (title: string, config: string, run: (world: ContractWorld) => Promise<void>): ContractCase => ({
  title,
  async run(world) {
    await world.plant(key, config)
    try {
      await run(world)
    } finally {
      await world.unplant(key)
    }
  },
})

const push = (world: ContractWorld, plan: Partial<PushPlan> = {}) =>
  world.backend.packages.push({ ...fresh(world), entries: [], message: null, ...plan })

const headerOf = async (world: ContractWorld, plan: Partial<PushPlan>) => {
  const { revision } = await push(world, plan)
  return seen(world, encodeJson((await opened(world, revision)).header))
}

const refused = async (world: ContractWorld, plan: Partial<PushPlan>, says: RegExp) => {
  const { code, message, hint } = await refusalOf(push(world, plan))
  expect([code, typeof hint]).toEqual(['invalid_input', 'string'])
  expect(message).toMatch(says)
}

const two = `version: "1"
default_workflow: alpha
workflows:
  alpha: {name: Alpha}
  beta: {name: Beta, is_message_required: true, handle_pattern: "^beta/"}
`
const optional = `version: "1"\nis_workflow_required: false\nworkflows:\n  alpha: {name: Alpha}\n`
const required = `version: "1"\nworkflows:\n  alpha: {name: Alpha}\n`
const schemas = (root: string) => `version: "1"
workflows:
  checked: {name: Checked, metadata_schema: meta, entries_schema: entries}
schemas:
  meta: {url: "${root}/schemas/meta.json"}
  entries: {url: "${root}/schemas/entries.json"}
`

export const workflowCases: ContractSubject = {
  subject: 'a workflow',
  cases: [
    {
      title: 'is not asked for in a bucket without workflows, and not recorded',
      async run(world) {
        expect(await headerOf(world, {})).toBe('{"version":"v0","message":null}')
      },
    },
    ...casesOf('cannot be named in a bucket without workflows', ['alpha', null], async (world, workflow) => {
      await refused(world, { workflow }, /workflow/)
    }),
    configured('is the default one when none is named, and is recorded', two, async (world) => {
      expect(await headerOf(world, {})).toBe(
        '{"version":"v0","workflow":{"id":"alpha","config":"registry:/.quilt/workflows/config.yml"},"message":null}',
      )
    }),
    configured('is the one that is named', two, async (world) => {
      const plan = { name: `beta/${crypto.randomUUID()}`, message: 'said', workflow: 'beta' }
      expect(await headerOf(world, plan)).toMatch(/"workflow":\{"id":"beta",/)
    }),
    configured('that is not there is refused', two, (world) => refused(world, { workflow: 'gamma' }, /gamma/)),
    configured('may ask for a message', two, (world) =>
      refused(world, { name: 'beta/x', workflow: 'beta', message: '' }, /message/i),
    ),
    configured('may ask for names of a pattern', two, (world) =>
      refused(world, { name: 'other/x', workflow: 'beta', message: 'm' }, /name|pattern/i),
    ),
    configured('is needed where the bucket says so', required, (world) => refused(world, {}, /workflow/i)),
    configured('is needed where the bucket says so, also by who wants none', required, (world) =>
      refused(world, { workflow: null }, /workflow/i),
    ),
    configured('may be none where the bucket allows it, and that is recorded', optional, async (world) => {
      expect(await headerOf(world, { workflow: null })).toBe(
        '{"version":"v0","workflow":{"id":null,"config":"registry:/.quilt/workflows/config.yml"},"message":null}',
      )
    }),
    configured('of a config that cannot be read stops every push', 'version: 1\n', (world) =>
      refused(world, {}, /config|version/i),
    ),
    {
      title: 'checks metadata and entries by their schemas, and records which',
      async run(world) {
        await world.plant('schemas/meta.json', '{"type": "object", "required": ["assay"]}')
        await world.plant(
          'schemas/entries.json',
          '{"type": "array", "minItems": 1, "items": {"properties": {"size": {"maximum": 9}}}}',
        )
        await configured('', schemas(world.root), async () => {
          const entries = await files(world, { a: 'hello' })
          const userMeta = jsonOf('{"assay":"ATAC"}')
          const large = await files(world, { a: 'more than nine bytes' })
          await refused(world, { workflow: 'checked', entries }, /assay/)
          await refused(world, { workflow: 'checked', entries: [], userMeta }, /entries|items/i)
          await refused(world, { workflow: 'checked', entries: large, userMeta }, /size|9|maximum/i)
          expect(await headerOf(world, { workflow: 'checked', entries, userMeta })).toBe(
            '{"version":"v0","user_meta":{"assay":"ATAC"},"workflow":{"id":"checked","config":"registry:/.quilt/workflows/config.yml",' +
              '"schemas":{"meta":"registry:/schemas/meta.json","entries":"registry:/schemas/entries.json"}},"message":null}',
          )
        }).run(world)
      },
    },
  ],
}
