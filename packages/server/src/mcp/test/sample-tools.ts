// A few tools for the tests of the machinery: one of each access, none with a world behind it.
import type { Backend } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { Log } from '../../context/log.js'
import { type LogFields, type WrittenFields, writtenFields } from '../../context/log-fields.js'
import { type LogMessage, writtenMessage } from '../../context/log-messages.js'
import type { Caller } from '../caller.js'
import { catalogLinks } from '../catalog-links.js'
import { confirmationTokens } from '../confirmation-tokens.js'
import type { ResourceDefinition, ResourceTemplate } from '../define-resource.js'
import { type AnyTool, defineTool } from '../define-tool.js'
import type { ServerDeps } from '../server.js'
import { createToolRegistry } from '../tool-registry.js'
import { untrusted, untrustedText } from '../untrusted.js'

const quote = defineTool({
  name: 'quote',
  title: 'Quote',
  toolset: 'objects',
  access: 'read',
  needs: [],
  description: 'Says a text again.',
  aliases: ['say_again'],
  input: z.strictObject({
    text: z.string(),
    times: z.int().min(1).max(1000).default(1),
    loud: z.boolean().optional(),
    parts: z.array(z.string()).optional(),
    options: z.strictObject({ depth: z.number() }).optional(),
    metadata: z.union([z.record(z.string(), z.unknown()), z.null()]).optional(),
  }),
  output: z.object({ quoted: z.array(untrustedText()), given: z.unknown().optional() }),
  examples: [{ text: 'a' }],
  run: (_context, { text, times, ...rest }) =>
    Promise.resolve({
      structure: {
        quoted: Array.from({ length: times }, () => untrusted(text)),
        ...(Object.keys(rest).length > 0 && { given: rest }),
      },
    }),
})

const wipe = defineTool({
  name: 'wipe',
  title: 'Wipe',
  toolset: 'packages',
  access: 'destructive',
  needs: ['packages'],
  description: 'Removes a thing after a confirmation.',
  input: z.strictObject({ thing: z.string(), confirm: z.string().optional() }),
  output: z.object({ wiped: z.string() }),
  examples: [{ thing: 'a' }],
  run: async (context, { thing, confirm }) => {
    await context.confirm({ message: `Remove ${thing}?`, subject: { thing }, token: confirm })
    return { structure: { wiped: thing } }
  },
})

const fail = defineTool({
  name: 'fail',
  title: 'Fail',
  toolset: 'objects',
  access: 'write',
  needs: ['objects'],
  description: 'Fails in the way that is asked for.',
  input: z.strictObject({ how: z.enum(['known', 'defect', 'nonsense', 'token', 'abort']) }),
  output: z.object({ fine: z.boolean() }),
  examples: [{ how: 'known' }],
  run: (_context, { how }) => {
    if (how === 'known')
      throw new QuiltError('not_found', 'no such thing', {
        hint: 'Look elsewhere.',
        nextTools: ['quote'],
        details: { thing: 'x' },
      })
    if (how === 'token') throw new QuiltError('unauthenticated', 'the session is over', { hint: 'Sign in again.' })
    if (how === 'abort') return Promise.reject(new DOMException('stopped', 'AbortError'))
    if (how === 'defect') throw new TypeError('secret-token is not a function')
    return Promise.resolve(JSON.parse('{"structure":{"fine":"perhaps"}}'))
  },
})

const objectInfo = defineTool({
  name: 'object_info',
  title: 'Object',
  toolset: 'objects',
  access: 'read',
  needs: ['objects'],
  description: 'Reports progress, then where it links to.',
  input: z.strictObject({}),
  output: z.object({ link: z.string().optional() }),
  examples: [{}],
  run: (context) => {
    context.onProgress({ done: 1, total: 2, message: 'Looking' })
    context.onProgress({ done: 2, total: 2, message: 'Looking' })
    const link = context.links.bucketUrl('a-bucket')
    return Promise.resolve({ structure: link === undefined ? {} : { link } })
  },
})

export const sampleTools: readonly AnyTool[] = [wipe, quote, fail, objectInfo]

const sampleResources: readonly ResourceDefinition[] = [
  {
    uri: 'quilt-platform://me',
    name: 'me',
    title: 'Me',
    description: 'Who is asking.',
    mimeType: 'text/markdown',
    read: async (context) => `I am ${(await context.backend.identity()).user?.name}`,
  },
]

const sampleTemplates: readonly ResourceTemplate[] = [
  {
    uriTemplate: 'quilt-platform://greetings/{who}/{+how}',
    name: 'greeting',
    title: 'Greeting',
    description: 'Greets somebody.',
    mimeType: 'text/plain',
    read: (_context, { who, how }) => Promise.resolve(`${how}, ${who}`),
    complete: {
      who: (_context, typed) =>
        Promise.resolve({
          values: Array.from({ length: 150 }, (_, at) => `${typed}${at}`),
          total: 150,
          hasMore: false,
        }),
      how: (_context, typed, { who }) =>
        who === undefined
          ? Promise.reject(new QuiltError('not_found', 'nobody to greet', { hint: 'Say who.' }))
          : Promise.resolve({ values: [`${typed} dear ${who}`], hasMore: false }),
    },
  },
]

/** A log that keeps its lines as they would be written. */
export function keptLog(): Log & { readonly lines: WrittenFields[] } {
  const lines: WrittenFields[] = []
  const keep = (level: string) => (fields: LogFields, message: LogMessage) =>
    void lines.push({ ...writtenFields(fields), level, message: writtenMessage(message) })
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}

/** A backend that is asked who it is and nothing else: the sample tools need no more. */
const idle = (): never => {
  throw new Error('the sample tools ask the backend nothing')
}
export const idleBackend: Backend = {
  name: 'platform',
  identity: () => Promise.resolve({ backend: 'platform', user: { name: 'ada' }, objectAccess: 'credentials' }),
  buckets: { list: idle, get: idle },
  objects: { list: idle, keys: idle, info: idle, read: idle, put: idle },
  links: { link: idle },
  packages: {
    list: idle,
    revisions: idle,
    resolve: idle,
    open: idle,
    push: idle,
    check: idle,
    workflowConfig: idle,
    workflowSchema: idle,
    remove: idle,
  },
  close: () => Promise.resolve(),
}

export const sampleDeps = (log: Log = keptLog()): ServerDeps => {
  const registry = createToolRegistry(sampleTools)
  const calls = { registry, resources: sampleResources, templates: sampleTemplates, log, resultChars: 4000 }
  return { version: '1.2.3', log, calls: () => Promise.resolve(calls) }
}

export const sampleCaller = (changes: Partial<Caller> = {}): Caller => ({
  environment: 'desktop-stdio',
  principal: 'local',
  view: { surface: 'ours', readOnly: false },
  tokens: confirmationTokens('secret'),
  backend: () => Promise.resolve(idleBackend),
  links: () => catalogLinks('https://catalog.example.com'),
  ...changes,
})
