// Makes the sample packages, as each tenant, by the same tools that users call.
import { randomUUID } from 'node:crypto'
import { platformBackend } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { Stack } from '@quilt-mcp/stack'
import { z } from 'zod'
import { loadConfig } from '../../config/load.js'
import { callTool } from '../../mcp/call-tool.js'
import type { Caller } from '../../mcp/caller.js'
import { catalogLinks } from '../../mcp/catalog-links.js'
import { confirmationTokens } from '../../mcp/confirmation-tokens.js'
import { serverDeps } from '../server-deps.js'
import type { DemoUser } from './announcement.js'
import { type SampleFile, type SamplePackage, type SampleRevision, type SampleTenant, tenants } from './catalogue.js'
import type { Datasets } from './datasets.js'

export interface SeedDeps {
  readonly stack: Stack
  readonly users: Readonly<Record<string, DemoUser>>
  readonly datasets: Datasets
  say(line: string): void
}

type Call = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<unknown>

/** Makes what is missing of the sample packages: a start that was interrupted is continued, revision by revision. */
export async function seed(deps: SeedDeps): Promise<void> {
  for (const tenant of tenants) {
    const user = deps.users[tenant.user]
    if (!user) throw new QuiltError('internal', `the demo has no user ${tenant.user}`)
    const call = caller(deps.stack, user.token)
    for (const sample of tenant.packages) await seedPackage(deps, tenant, sample, call)
  }
}

async function seedPackage({ datasets, say }: SeedDeps, { bucket }: SampleTenant, sample: SamplePackage, call: Call) {
  const done = await revisionsOf(call, bucket, sample.name)
  for (const [index, revision] of sample.revisions.entries()) {
    if (index < done) continue
    say(`Making ${sample.name}, revision ${index + 1} of ${sample.revisions.length}: ${revision.message}`)
    const files = await Promise.all(revision.add.map((file) => inlineFile(file, datasets)))
    const common = { bucket, package: sample.name, message: revision.message, metadata: metadataOf(revision, datasets) }
    if (index === 0) await call('package_create', { ...common, entries: files })
    else await call('package_update', { ...common, add: files, remove: revision.remove ?? [] })
  }
}

const revisionList = z.object({ revisions: z.array(z.unknown()), total: z.number().optional() })

async function revisionsOf(call: Call, bucket: string, name: string): Promise<number> {
  try {
    const { revisions, total } = revisionList.parse(await call('package_revisions', { bucket, package: name }))
    return total ?? revisions.length
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'not_found') return 0
    throw error
  }
}

/** A sample file as the tools take it, with what is known of its origin as metadata. */
async function inlineFile(file: SampleFile, datasets: Datasets): Promise<Record<string, unknown>> {
  if ('text' in file) return { logical_key: file.logicalKey, text: file.text }
  const { description, sources, licenses } = datasets.facts(file.dataset)
  return {
    logical_key: file.logicalKey,
    base64: Buffer.from(await datasets.bytes(file.dataset)).toString('base64'),
    metadata: { description, sources, licenses },
  }
}

const metadataOf = (revision: SampleRevision, datasets: Datasets) => ({
  ...revision.metadata,
  origin: `vega-datasets ${datasets.version}`,
})

/** Calls tools as the owner of a token. The call throws what the tool's error says. */
function caller({ registryUrl, s3Endpoint }: Stack, token: string): Call {
  const config = loadConfig({ registryUrl, s3Endpoint, logLevel: 'error' }, {})
  const backend = platformBackend({ registryUrl, token, s3Endpoint })
  const as: Caller = {
    environment: 'desktop',
    principal: 'demo',
    view: { surface: 'ours', readOnly: false },
    tokens: confirmationTokens(token),
    links: () => catalogLinks(undefined),
    backend: async () => backend,
  }
  const deps = serverDeps(config)
  return async (tool, args) => {
    const result = await callTool(deps, as, {
      name: tool,
      args,
      requestId: randomUUID(),
      signal: new AbortController().signal,
      onProgress: () => {},
      confirm: () => async () => {},
    })
    if (result.isError) throw errorOf(result.structuredContent)
    return result.structuredContent
  }
}

const errorResult = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
})

function errorOf(structure: unknown): QuiltError {
  const { error } = errorResult.parse(structure)
  return new QuiltError(error.code === 'not_found' ? 'not_found' : 'internal', error.message, {
    ...(error.hint !== undefined && { hint: error.hint }),
  })
}
