// The web catalog's MCP client, request by request and as strict as formats.md 12.2 describes it.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { PageFetch, SeenAnswer } from './browser.js'

/** Its answer to each message: a result or an error, never anything else. */
const envelope = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: z.string(), result: z.record(z.string(), z.unknown()) }),
  z.object({
    jsonrpc: z.literal('2.0'),
    id: z.string(),
    error: z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() }),
  }),
])
export type Answer = z.infer<typeof envelope>

/** One null among them, and the catalog shows no tool at all. */
export const toolList = z.object({
  tools: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9_-]{1,54}$/),
      description: z.string().optional(),
      inputSchema: z.looseObject({ type: z.literal('object') }),
      annotations: z
        .object({ readOnlyHint: z.boolean().optional(), destructiveHint: z.boolean().optional() })
        .optional(),
    }),
  ),
})
export const resourceList = z.object({
  resources: z.array(z.object({ uri: z.string(), name: z.string(), description: z.string().optional() })),
})
export const resourceText = z.object({ contents: z.tuple([z.object({ uri: z.string(), text: z.string() })]) })
export const toolResult = z.object({
  content: z.array(
    z.union([
      z.object({ type: z.literal('text'), text: z.string() }),
      z.object({
        type: z.literal('image'),
        data: z.base64(),
        mimeType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
      }),
    ]),
  ),
  isError: z.boolean().optional(),
})

export interface CatalogClient {
  /** Sends a message as it is; `body` in place of its JSON. */
  post(
    message: object,
    request?: { readonly headers?: Record<string, string>; readonly body?: string },
  ): Promise<SeenAnswer>
  /** Asks, and wants a 200 with an envelope for this very question. */
  ask(method: string, params?: object): Promise<Answer>
  /** Asks, and wants a result of this form. */
  result<T>(form: z.ZodType<T>, method: string, params?: object): Promise<T>
}

/** @param token undefined: nobody is signed in to the catalog */
export function catalogClient(fetch: PageFetch, url: string, token: string | undefined): CatalogClient {
  const post: CatalogClient['post'] = (message, { headers = {}, body = JSON.stringify(message) } = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-06-18',
        ...headers,
      },
      body,
    })
  const ask: CatalogClient['ask'] = async (method, params) => {
    const id = randomUUID()
    const answer = await post({ jsonrpc: '2.0', id, method, ...(params && { params }) })
    if (answer.status !== 200) throw new Error(`${method} was answered with ${answer.status}: ${answer.text}`)
    const read = envelope.parse(JSON.parse(messageIn(answer)))
    if (read.id !== id) throw new Error(`${method} was answered with the id of another question`)
    return read
  }
  return {
    post,
    ask,
    async result(form, method, params) {
      const answer = await ask(method, params)
      if ('error' in answer) throw new Error(`${method} failed: ${answer.error.message}`)
      return form.parse(answer.result)
    },
  }
}

/** The body, or of an event stream the first event that has data: all that this client reads. */
function messageIn({ headers, text }: SeenAnswer): string {
  if (!headers.get('content-type')?.startsWith('text/event-stream')) return text
  const event = text.split(/\r?\n\r?\n/).find((one) => /^data:/m.test(one)) ?? ''
  return event
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).replace(/^ /, '')] : []))
    .join('\n')
}
