// Whether an answer is what its tenant may see, and nothing of anybody else's.
import { z } from 'zod'
import type { Call } from './calls.js'
import type { Exchanged } from './exchange.js'
import { markersIn } from './markers.js'
import type { Tenant } from './tenants.js'

export type Outcome = 'ok' | 'refused' | 'failed' | 'left'

export interface Judgement {
  readonly outcome: Outcome
  /** The error code, or the status. */
  readonly code?: string | undefined
  /** What of others is in the answer, or was done for who may not. */
  readonly crossings: readonly string[]
  /** What else is not as it has to be. */
  readonly wrong: readonly string[]
}

/** @param keyOwner the tenant that an AWS access key was issued to */
export function judge(
  call: Call,
  tenant: Tenant,
  exchanged: Exchanged,
  keyOwner: (keyId: string) => number | undefined,
): Judgement {
  const { status, head, body, ended } = exchanged
  const bytes = `${head}\n${body}`
  const crossings = [...foreignMarkers(bytes, call, tenant), ...foreignKeys(bytes, tenant, keyOwner)]
  const shown = tokenShapes.flatMap(({ what, pattern }) => (pattern.test(bytes) ? [`${what} in the answer`] : []))
  if (ended !== 'complete') {
    const wrong = ended === 'broken' ? [...shown, 'the connection broke'] : shown
    return { outcome: 'left', crossings, wrong }
  }
  const answer = answerOf(exchanged)
  const wrong = [...shown]
  if (!goodStatuses.has(status)) wrong.push(`status ${status}`)
  if (answer.kind === 'nonsense') wrong.push('an answer that is none')
  if (answer.kind === 'ok') {
    if (call.expected === 'refused') crossings.push('was served')
    const isSignedOut = call.orHolds !== undefined && body.includes(call.orHolds)
    for (const text of isSignedOut ? [] : call.holds) if (!body.includes(text)) wrong.push(`without ${text}`)
    return { outcome: 'ok', crossings, wrong }
  }
  const isRefusal = call.expected !== 'own' && refusals.has(answer.code)
  if (!isRefusal && !disturbances.has(answer.code)) wrong.push(`failed with ${answer.code}`)
  return { outcome: isRefusal ? 'refused' : 'failed', code: answer.code, crossings, wrong }
}

/** Failures of what is the caller's own that a disturbance upstream leads to: `unauthenticated` by an exchange that was refused, `conflict` by a write whose answer
 * was lost or that another overtook. */
const disturbances: ReadonlySet<string> = new Set([
  'upstream',
  'timeout',
  'rate_limited',
  'partial',
  'unauthenticated',
  'conflict',
])
const refusals: ReadonlySet<string> = new Set([
  'forbidden',
  'not_found',
  'invalid_input',
  'unsupported',
  'unauthenticated',
  'conflict',
  'protocol',
])
const goodStatuses: ReadonlySet<number> = new Set([200, 400, 401, 403, 404, 408, 503])

/** A token is shown to nobody, its owner included. Cursors begin like tokens, but have no dots. */
const tokenShapes = [
  { what: 'an API key', pattern: /qk_\w{8}/ },
  { what: 'a JWT', pattern: /eyJ[\w-]+\.[\w-]+\.[\w-]+/ },
]

/** What the request itself names may be repeated. */
function foreignMarkers(bytes: string, call: Call, tenant: Tenant): string[] {
  const foreign = markersIn(bytes).filter((found) => found.tenant !== tenant.index)
  if (foreign.length === 0) return []
  const sent = markersIn(JSON.stringify([call.params, call.headers, call.path])).map(({ text }) => text)
  return foreign
    .filter(({ text }) => !sent.some((one) => one.startsWith(text)))
    .map(({ text }) => `holds ${text} of tenant ${text.slice(10, 14)}`)
}

function foreignKeys(bytes: string, tenant: Tenant, keyOwner: (keyId: string) => number | undefined): string[] {
  const ids = bytes.match(/A[SK]IA[A-Z0-9]{8,}/g) ?? []
  return ids.filter((id) => keyOwner(id) !== tenant.index).map(() => 'holds an AWS key of another')
}

type Answer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'nonsense'; readonly code: string }

const quiltError = z.object({ error: z.object({ code: z.string() }) })
const rpcError = z.object({ error: z.object({ code: z.number(), data: z.unknown().optional() }) })
const rpcResult = z.object({
  result: z.object({ isError: z.boolean().optional(), structuredContent: z.unknown().optional() }),
})

function answerOf({ body }: Exchanged): Answer {
  const text = /^data: (\{.*)$/m.exec(body)?.[1] ?? body
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return { kind: 'nonsense', code: 'nonsense' }
  }
  const { result } = rpcResult.safeParse(message).data ?? {}
  if (result !== undefined && result.isError !== true) return { kind: 'ok' }
  const failed = quiltError.safeParse(result?.structuredContent ?? message).data
  if (failed !== undefined) return { kind: 'error', code: failed.error.code }
  const ofProtocol = rpcError.safeParse(message).data
  if (ofProtocol === undefined) return { kind: 'nonsense', code: 'nonsense' }
  return { kind: 'error', code: codeOfData(ofProtocol.error.data) ?? 'protocol' }
}

/** A resource that cannot be read is an error of the protocol, with ours beside it. */
const codeOfData = (data: unknown): string | undefined =>
  quiltError.safeParse(data).data?.error.code ?? z.object({ code: z.string() }).safeParse(data).data?.code
