// Sends one typed operation to the registry and decides what its answer means (formats.md 7).
import { encodeJson, type Json, type JsonObject, parseJson, QuiltError } from '@quilt-mcp/core'
import type { HttpAnswer } from '../http/answer.js'
import { sendAs, type Token } from '../http/authorized.js'
import { isWebPage, readText } from '../http/body.js'
import type { HttpClient, HttpRequest } from '../http/client.js'
import { statusError } from '../http/status-error.js'
import type { Operation } from './operation.js'

/** A registry as one principal talks to it. */
export interface RegistryGraphql {
  /** @throws {QuiltError} `partial` when the registry answered in part (reads never use such an answer); else by status and kind */
  run<Variables, Data>(
    operation: Operation<Variables, Data>,
    variables: Variables,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Data>
}

export interface RegistryGraphqlDeps {
  readonly registryUrl: (signal?: AbortSignal) => Promise<string>
  readonly token: Token
  readonly http: HttpClient
  /** Longest answer. Default 128 MiB. */
  readonly maxAnswerBytes?: number | undefined
}

const peer = 'the registry'

/** Makes the sender. The token goes into the `Authorization` header and nowhere else. */
export function registryGraphql({
  registryUrl,
  token,
  http,
  maxAnswerBytes = 134_217_728,
}: RegistryGraphqlDeps): RegistryGraphql {
  return {
    async run(operation, variables, { signal } = {}) {
      const request: HttpRequest = {
        method: 'POST',
        url: new URL(`${await registryUrl(signal)}/graphql`),
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'accept-encoding': 'gzip',
        },
        body: encodeJson(
          new Map<string, Json>([
            ['query', operation.document],
            ['variables', operation.encode(variables)],
          ]),
        ),
        kind: operation.kind,
        idempotent: operation.document.trimStart().startsWith('query'),
        signal,
        peer,
      }
      const answer = await sendAs(token, request, http)
      const text = await readText(answer, { maxBytes: maxAnswerBytes, peer })
      return operation.read(dataOf(answer, text, operation.attempt), operation.attempt)
    },
  }
}

function dataOf(answer: HttpAnswer, text: string, attempt: string): Json {
  const body = bodyOf(answer, text, attempt)
  const data = body.get('data')
  const errors = body.get('errors')
  // Some servers answer 400 when an operation does not fit their schema, and say why in `errors`.
  if (answer.status !== 200 && (answer.status !== 400 || errors === undefined)) throw failed(answer, attempt, body)
  if (Array.isArray(errors) && errors.length > 0) throw graphqlError(errors, data, attempt)
  if (!(data instanceof Map)) throw notAnAnswer(attempt, 'there is no data in it')
  return data
}

function bodyOf(answer: HttpAnswer, text: string, attempt: string): JsonObject {
  if (answer.status >= 300 && answer.status < 400) throw failed(answer, attempt)
  if (isWebPage(answer, text)) {
    if (answer.status >= 400) throw failed(answer, attempt)
    throw notAnAnswer(attempt, 'it is a web page')
  }
  let body: Json
  try {
    body = parseJson(text)
  } catch (cause) {
    if (answer.status !== 200) throw failed(answer, attempt)
    throw notAnAnswer(attempt, 'it is not JSON, or cut off', cause)
  }
  if (body instanceof Map) return body
  if (answer.status !== 200) throw failed(answer, attempt)
  throw notAnAnswer(attempt, 'it is not an object')
}

function failed(answer: HttpAnswer, attempt: string, body?: JsonObject): QuiltError {
  const message = body?.get('message')
  return statusError(answer.status, {
    peer,
    attempt,
    message: typeof message === 'string' ? message : undefined,
    retryAfter: answer.headers['retry-after'],
  })
}

function notAnAnswer(attempt: string, problem: string, cause?: unknown): QuiltError {
  return new QuiltError('upstream', `${attempt}: this is not the answer of a Quilt registry (${problem})`, {
    hint: 'Check that the registry URL is right, and that no proxy or sign-in page answers in its place.',
    details: { problem },
    cause,
  })
}

/** Codes that GraphQL servers put into `extensions.code`. */
const extensionCodes: Readonly<Record<string, 'unauthenticated' | 'forbidden'>> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
}

function graphqlError(errors: readonly Json[], data: Json | undefined, attempt: string): QuiltError {
  const messages = errors
    .map((error) => textAt(error, 'message') ?? 'no message')
    .map((message) => message.slice(0, 200))
  const details = { errors: messages.slice(0, 5) }
  if (data instanceof Map) {
    return new QuiltError('partial', `${attempt}: the registry answered only in part (${messages[0]})`, {
      hint: 'Nothing was made of the answer; try again later.',
      details,
    })
  }
  const extensions = errors[0] instanceof Map ? errors[0].get('extensions') : undefined
  const code = extensionCodes[textAt(extensions, 'code') ?? ''] ?? 'upstream'
  return new QuiltError(code, `${attempt}: the registry failed (${messages[0]})`, {
    hint: code === 'upstream' ? 'Try again later.' : 'Sign in again, or ask an administrator for access.',
    details,
  })
}

function textAt(value: Json | undefined, key: string): string | undefined {
  const text = value instanceof Map ? value.get(key) : undefined
  return typeof text === 'string' ? text : undefined
}
