// The registry's and catalog's plain HTTP calls (formats.md 6.1, 6.2).
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { HttpAnswer } from '../http/answer.js'
import { sendAs, type Token } from '../http/authorized.js'
import { isWebPage, readText } from '../http/body.js'
import type { HttpClient } from '../http/client.js'
import { statusError } from '../http/status-error.js'

const maxAnswerBytes = 1_048_576

/** What a catalog's `config.json` says, as far as we use it. Keys that older stacks lack are absent. */
export type CatalogConfig = z.infer<typeof catalogConfigSchema>

const text = z.string().min(1).optional().catch(undefined)
const catalogConfigSchema = z.object({
  registryUrl: text,
  // Becomes a part of host names: what is no region of AWS must not lead elsewhere.
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .optional()
    .catch(undefined),
  s3Proxy: text,
  stackVersion: text,
  apiGatewayEndpoint: text,
  binaryApiGatewayEndpoint: text,
})

export interface RestCall {
  readonly http: HttpClient
  readonly signal?: AbortSignal | undefined
}

/** Reads `<catalogUrl>/config.json`.
 * @throws {QuiltError} `upstream` when that is not a Quilt catalog, else by status */
export async function fetchCatalogConfig(catalogUrl: string, { http, signal }: RestCall): Promise<CatalogConfig> {
  const attempt = 'Reading the catalog configuration'
  const peer = `the catalog at ${new URL(catalogUrl).host}`
  const url = new URL(`${catalogUrl}/config.json`)
  const answer = await http.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    kind: 'quick',
    idempotent: true,
    signal,
    peer,
  })
  const { value } = await jsonOf(answer, { attempt, peer })
  const config = catalogConfigSchema.safeParse(value)
  if (config.success) return config.data
  throw notJson(attempt, peer)
}

/** AWS credentials as the registry issues them (formats.md 5.5). */
export const issuedCredentialsSchema = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().min(1),
  Expiration: z.string().refine((time) => !Number.isNaN(Date.parse(time)), 'not a date'),
})

/** Asks `GET /api/auth/get_credentials`. Any status of the registry itself becomes the error it stands for. */
export async function getCredentials(
  registryUrl: string,
  { token, http, signal }: RestCall & { readonly token: Token },
): Promise<z.infer<typeof issuedCredentialsSchema>> {
  const attempt = 'Exchanging the token for AWS credentials'
  const peer = 'the registry'
  const url = new URL(`${registryUrl}/api/auth/get_credentials`)
  const headers = { accept: 'application/json' }
  const answer = await sendAs(
    token,
    { method: 'GET', url, headers, kind: 'quick', idempotent: true, signal, peer },
    http,
  )
  const { value } = await jsonOf(answer, { attempt, peer })
  const issued = issuedCredentialsSchema.safeParse(value)
  if (issued.success) return issued.data
  throw new QuiltError('upstream', `${attempt}: the registry answered without credentials`, {
    hint: 'Try again later.',
  })
}

/** The JSON of a successful answer.
 * @throws {QuiltError} by status, or `upstream` when it is a web page or not JSON */
export async function jsonOf(
  answer: HttpAnswer,
  { attempt, peer }: { readonly attempt: string; readonly peer: string },
): Promise<{ readonly value: unknown }> {
  const body = await readText(answer, { maxBytes: maxAnswerBytes, peer })
  const page = isWebPage(answer, body)
  const value = page ? undefined : parseOr(body)
  if (answer.status !== 200) {
    const message = z.object({ message: z.string() }).safeParse(value)
    throw statusError(answer.status, {
      peer,
      attempt,
      message: message.success ? message.data.message : undefined,
      retryAfter: answer.headers['retry-after'],
    })
  }
  if (value === undefined) throw notJson(attempt, peer)
  return { value }
}

function parseOr(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined // the caller decides what an answer that is not JSON means for this status
  }
}

function notJson(attempt: string, peer: string): QuiltError {
  return new QuiltError('upstream', `${attempt}: ${peer} did not answer with the expected JSON`, {
    hint: 'Check that the URL is right, and that no proxy or sign-in page answers in its place.',
    retryable: false,
  })
}
