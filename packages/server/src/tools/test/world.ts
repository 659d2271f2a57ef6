// What the tests of the tools start from: Ada alone with lab-a, Grace alone with lab-b, a few objects and packages.
// Calls go the way of every call: input, tool, output schema, text.
import type { Backend } from '@quilt-mcp/backends'
import { z } from 'zod'
import type { LocalFileAccess } from '../../local-files/local-file-access.js'
import { callTool, readResource } from '../../mcp/call-tool.js'
import type { Caller } from '../../mcp/caller.js'
import { catalogLinks } from '../../mcp/catalog-links.js'
import { confirmer } from '../../mcp/confirmation.js'
import { confirmationTokens } from '../../mcp/confirmation-tokens.js'
import { narrowedCaller } from '../../mcp/narrowing/narrowed-caller.js'
import { type Narrowing, unnarrowed } from '../../mcp/narrowing/narrowing.js'
import { createToolRegistry } from '../../mcp/tool-registry.js'
import { platformResources, platformTemplates } from '../../resources/index.js'
import { allTools } from '../index.js'
import { openTenants } from './tenants.js'

const errorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    nextTools: z.array(z.string()).optional(),
  }),
})
const contentShape = z.object({ type: z.string(), text: z.string().optional(), data: z.string().optional() })
type Structure = Readonly<Record<string, unknown>>

/** A user as a client: calls tools and gets what a client gets. */
export interface Client {
  readonly backend: Backend
  /** The structure of a call that goes well. Throws when it does not. */
  ok(tool: string, args?: Structure): Promise<Structure>
  /** The error of a call that does not. Throws when it goes well. */
  fails(tool: string, args?: Structure): Promise<z.output<typeof errorShape>['error']>
  /** The text of a call, fences and all, and its other content. */
  content(tool: string, args?: Structure): Promise<readonly z.output<typeof contentShape>[]>
  /** Calls, and once more with the token that the first call gave. */
  confirmed(tool: string, args: Structure): Promise<Structure>
  resource(uri: string): Promise<string>
}

export interface World {
  readonly ada: Client
  readonly grace: Client
  close(): Promise<void>
}

export const catalogUrl = 'https://catalog.example.com'
/** A picture of one pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A world of its own for one test file. */
export async function aWorld(): Promise<World> {
  const tenants = await openTenants()
  const [ada, grace] = [clientOf(tenants.ada, 'ada'), clientOf(tenants.grace, 'grace')]
  await seedAda(ada)
  await grace.ok('package_create', {
    package: 'secret/plan',
    bucket: 'lab-b',
    message: 'Plan',
    entries: [{ logical_key: 'plan.txt', text: 'only for Grace\n' }],
  })
  return { ada, grace, close: tenants.close }
}

async function seedAda(ada: Client): Promise<void> {
  const put = (key: string, content: Structure) => ada.ok('object_put', { bucket: 'lab-a', key, ...content })
  await put('raw/notes.txt', { text: 'first line\nsecond line\nzweite Zeile: Größe\n' })
  await put('raw/latin.txt', { base64: Buffer.from('Gr\xf6\xdfe\n', 'latin1').toString('base64') })
  await put('raw/pixel.png', { base64: pixel.toString('base64') })
  await put('raw/table.parquet', { base64: Buffer.from('PAR1\0\0\0').toString('base64') })
  await ada.ok('package_create', {
    package: 'study/cells',
    bucket: 'lab-a',
    message: 'Two wells',
    metadata: '{"assay": "ATAC", "ratio": 1.0, "big": 12345678901234567890123, "10": 1, "9": 2}',
    entries: [
      { logical_key: 'README.md', text: '# Cells\n' },
      { logical_key: 'data/cells.csv', text: 'well,cells\nA1,10\nA2,12\n', metadata: { columns: ['well', 'cells'] } },
      { logical_key: 'data/pixel.png', uri: 's3://lab-a/raw/pixel.png' },
    ],
  })
  await ada.ok('package_update', {
    package: 'study/cells',
    bucket: 'lab-a',
    message: 'A third well',
    add: [{ logical_key: 'data/cells.csv', text: 'well,cells\nA1,10\nA2,12\nA3,9\n' }],
  })
  await ada.ok('package_create', {
    package: 'study/disposable',
    bucket: 'lab-a',
    message: 'To be thrown away',
    entries: [{ logical_key: 'README.md', text: '# Cells\n' }],
  })
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const deps = {
  registry: createToolRegistry(allTools),
  resources: platformResources,
  templates: platformTemplates,
  log: silent,
  resultChars: 16_000,
}

/** A user of a backend, whose requests are narrowed if wanted, and who may have files of this machine. */
export function clientOf(
  backend: Backend,
  user: string,
  narrowing: Narrowing = unnarrowed,
  localFiles?: LocalFileAccess,
): Client {
  const tokens = confirmationTokens(user)
  const whole: Caller = {
    environment: 'web-jwt',
    principal: user,
    view: { surface: 'ours', readOnly: false },
    tokens,
    localFiles,
    backend: () => Promise.resolve(backend),
    links: () => catalogLinks(catalogUrl),
  }
  const caller = narrowedCaller(whole, narrowing)
  const { signal } = new AbortController()
  const call = (name: string, args: Structure = {}) =>
    callTool(deps, caller, {
      name,
      args,
      requestId: 'test',
      signal,
      onProgress() {},
      confirm: (tool) => confirmer({ tool, tokens }),
    })

  const client: Client = {
    backend,
    async ok(tool, args) {
      const result = await call(tool, args)
      if (result.isError === true) throw new Error(`${tool} failed: ${JSON.stringify(result.structuredContent)}`)
      return z.record(z.string(), z.unknown()).parse(result.structuredContent)
    },
    async fails(tool, args) {
      const result = await call(tool, args)
      if (result.isError !== true) throw new Error(`${tool} went well: ${JSON.stringify(result.structuredContent)}`)
      return errorShape.parse(result.structuredContent).error
    },
    async content(tool, args) {
      const { content } = await call(tool, args)
      return z.array(contentShape).parse(content)
    },
    async confirmed(tool, args) {
      const { details } = await client.fails(tool, args)
      return client.ok(tool, { ...args, confirm: details?.confirm })
    },
    resource: async (uri) => (await readResource(deps, caller, { uri, requestId: 'test', signal })).text,
  }
  return client
}
