// A stack with two tenants, spoken to over HTTP with JSON that keeps its numbers.

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { encodeJson, fromPlain, isJsonObject, type Json, JsonNumber, parseJson, toPlain } from '@quilt-mcp/core'
import { z } from 'zod'
import { aStack, type TestStack } from '../../test/a-stack.js'

/** One file of a package, as `packageConstruct` takes it. */
export interface ConstructEntry {
  readonly logicalKey: string
  readonly physicalKey: string
  readonly hash?: { readonly type: string; readonly value: string }
  readonly size?: number
  readonly meta?: unknown
}

export interface TestRegistry extends TestStack {
  /** The whole answer, losslessly. @param variables plain values and lossless JSON, mixed */
  ask(token: string | undefined, query: string, variables?: unknown): Promise<{ status: number; body: Json }>
  /** The first field of `data`, as plain values. */
  field(token: string, query: string, variables?: unknown): Promise<unknown>
  construct(token: string, params: object, entries: readonly ConstructEntry[]): Promise<unknown>
  /** Puts an object with the tenant's own credentials; returns its version id. */
  put(token: string, bucket: string, key: string, body: string): Promise<string>
  /** The bytes of an object as text, read with the tenant's own credentials. */
  s3(token: string): Promise<S3Client>
}

export const helloHash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' } as const
export const emptyHash = { type: 'sha2-256-chunked', value: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } as const

const constructMutation = /* GraphQL */ `mutation ($params: PackagePushParams!, $src: PackageConstructSource!) {
  packageConstruct(params: $params, src: $src) {
    __typename
    ... on PackagePushSuccess { package { bucket name } revision { hash message totalEntries totalBytes } }
    ... on InvalidInput { errors { path name message context } }
    ... on OperationError { name message context }
  }
}`

/** Starts it: Ada has `lab-a`, Grace has `lab-b`. */
export async function aRegistry(options: Parameters<typeof aStack>[0] = {}): Promise<TestRegistry> {
  const running = await aStack(options)
  const ask: TestRegistry['ask'] = async (token, query, variables = {}) => {
    const answer = await running.call('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: encodeJson(fromPlain({ query, variables })),
      ...(token !== undefined && { token }),
    })
    return { status: answer.status, body: parseJson(await answer.text()) }
  }
  const field: TestRegistry['field'] = async (token, query, variables) => {
    const { body } = await ask(token, query, variables)
    const data = isJsonObject(body) ? body.get('data') : undefined
    if (!isJsonObject(data) || (isJsonObject(body) && body.has('errors'))) throw new Error(encodeJson(body))
    return toPlain([...data.values()][0] ?? null)
  }
  const s3: TestRegistry['s3'] = async (token) => {
    const answer: unknown = await (await running.call('/api/auth/get_credentials', { token })).json()
    const said = new Map(Object.entries(answer ?? {}))
    return new S3Client({
      endpoint: running.stack.s3Endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: {
        accessKeyId: String(said.get('AccessKeyId')),
        secretAccessKey: String(said.get('SecretAccessKey')),
        sessionToken: String(said.get('SessionToken')),
      },
    })
  }
  return {
    ...running,
    ask,
    field,
    s3,
    construct: (token, params, entries) => field(token, constructMutation, { params, src: { entries } }),
    async put(token, bucket, key, body) {
      const client = await s3(token)
      const { VersionId = '' } = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
      return VersionId
    },
  }
}

/** A number in its own spelling. */
export const number = (text: string): JsonNumber => new JsonNumber(text)

/** The `hash` of the revision that a query of one package asks for. */
export async function revisionHash(registry: TestRegistry, query: string): Promise<string> {
  return revision.parse(await registry.field(registry.ada, query)).revision.hash
}

const revision = z.object({ revision: z.object({ hash: z.string() }) })
