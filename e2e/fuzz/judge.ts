// What no answer may be, whatever was sent.
import { z } from 'zod'
import type { Answer, Exchanged } from './exchange.js'
import type { Sending } from './wire.js'

const rpcAnswer = z.looseObject({ jsonrpc: z.literal('2.0') })
const ourError = z.object({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    retryable: z.boolean(),
    details: z.unknown().optional(),
    nextTools: z.array(z.string()).optional(),
  }),
})
const status = z.strictObject({ status: z.enum(['ok', 'ready']) })
const metadata = z.looseObject({ resource: z.string() })
const knownBody = z.union([rpcAnswer, z.array(rpcAnswer).min(1), ourError, status, metadata])

/** A known gap: to the 2025 revisions the SDK (2.4.0) answers params that do not fit its own schema with -32603 and the list of what is
 * wrong; it should be -32602. */
const paramsThatDoNotFit = String.raw`"error":{"code":-32603,"message":"[\n  {\n    \"`

/** What is wrong with an exchange; empty when it is as it should be. */
export function faultsOf({ next, kind }: Sending, { answers, rest, ended }: Exchanged): readonly string[] {
  const faults = answers.flatMap((answer) => faultsOfAnswer(answer))
  if (ended === 'late') faults.push(`no answer (${kind})`)
  if (ended === 'closed' && next === 'wait' && answers.length === 0) faults.push(`closed without an answer (${kind})`)
  if (rest !== '' && ended === 'closed' && next === 'wait') faults.push('an answer broke off')
  return faults
}

function faultsOfAnswer({ status: code, headers, body }: Answer): string[] {
  const faults: string[] = []
  // Nobody here asks for more than the server takes: a 429 is a place that was not given back.
  if (code >= 500 || code === 429) faults.push(`status ${code}`)
  if (body !== '' && !isKnownForm(headers['content-type'] ?? '', body)) faults.push('a body of unknown form')
  if (/\\n\s+at .+:\d+:\d+|node_modules|\/dist\/|\/packages\/(server|core|backends|stack)\//.test(body))
    faults.push('a stack or a path in the body')
  if (body.includes(paramsThatDoNotFit)) return faults
  if (/"code":\s*("internal"|-32603)|\\"code\\":\\"internal\\"/.test(body)) faults.push('an internal error')
  return faults
}

function isKnownForm(contentType: string, body: string): boolean {
  if (contentType.startsWith('text/event-stream')) {
    const data = [...body.matchAll(/^data: ?(.*)$/gm)].map(([, text = '']) => text).filter((text) => text !== '')
    return data.every((text) => isRpc(text))
  }
  return contentType.startsWith('application/json') && knownBody.safeParse(asJson(body)).success
}

const isRpc = (text: string): boolean => rpcAnswer.safeParse(asJson(text)).success

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no known form
  }
}
