// GraphQL over HTTP: POST only, JSON that keeps its numbers in both directions (formats.md 7).
import { encodeJson, fromPlain, isJsonObject, type JsonObject, parseJson, QuiltError } from '@quilt-mcp/core'
import { GraphQLError } from 'graphql'
import { createSchema, createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga'
import type { IdentityStore } from '../identity/identity-store.js'
import type { Principal } from '../identity/principal.js'
import type { RegistryPackages } from '../packages/registry-packages.js'
import type { BrowseSessions } from '../rest/browse-sessions.js'
import { browsingSessionResolvers } from './browsing-sessions.js'
import { bucketResolvers } from './buckets.js'
import type { GraphqlContext } from './caller.js'
import { checkDocument } from './document-limits.js'
import { type LosslessJson, losslessJson } from './lossless-json.js'
import { meResolvers } from './me.js'
import { packageWriteResolvers } from './package-writes.js'
import { packageResolvers } from './packages.js'
import { revisionResolvers } from './revisions.js'
import { scalars } from './scalars.js'
import { typeDefs } from './schema.js'
import { type SearchDeps, searchResolvers } from './search.js'
import { searchTypeDefs } from './search-schema.js'
import { type UploadUrlDeps, uploadUrlResolvers, uploadUrlTypeDefs } from './upload-urls.js'

export interface GraphqlHandlerDeps {
  readonly identity: IdentityStore
  readonly packages: RegistryPackages
  readonly browseSessions: BrowseSessions
  readonly search: Omit<SearchDeps, 'packages'>
  /** Absent: the registry has no `generateUploadUrl`. */
  readonly uploadUrls?: UploadUrlDeps | undefined
  /** Told of every failure that is no fault of the client. The client sees no detail of it. */
  readonly onDefect?: (error: unknown) => void
}

export interface GraphqlHandler {
  /** Answers a POST to `/graphql`. @param principal undefined: nobody; then all but `me` is answered with 401 */
  fetch(request: Request, principal: Principal | undefined): Promise<Response>
}

/** The GraphQL API of a stack. */
export function createGraphqlHandler({ onDefect, ...deps }: GraphqlHandlerDeps): GraphqlHandler {
  const lossless = losslessJson()
  const yoga = createYoga<GraphqlContext>({
    schema: createSchema<GraphqlContext>({
      typeDefs: [
        typeDefs,
        searchTypeDefs(deps.search.signature),
        ...(deps.uploadUrls === undefined ? [] : [uploadUrlTypeDefs]),
      ],
      resolvers: resolversOf(deps, lossless),
    }),
    graphiql: false,
    landingPage: false,
    cors: false,
    logging: false,
    plugins: [jsonAsWritten(lossless)],
    maskedErrors: {
      errorMessage: 'Internal Server Error',
      maskError(error, message) {
        if (isForClient(error)) return error
        onDefect?.(error)
        return new GraphQLError(message, { extensions: { code: 'INTERNAL_SERVER_ERROR' } })
      },
    },
  })
  return {
    async fetch(request, principal) {
      if (request.method !== 'POST')
        return Response.json({ message: 'GraphQL takes POST' }, { status: 405, headers: { allow: 'POST' } })
      const answer = await yoga.fetch(request, { principal })
      if (answer.status === 401) return Response.json({ message: 'Unauthorized' }, { status: 401 })
      // A Response of the runtime itself, whatever yoga is made of.
      return new Response(await answer.text(), {
        status: answer.status,
        headers: { 'content-type': answer.headers.get('content-type') ?? 'application/json' },
      })
    },
  }
}

const resolversOf = (deps: GraphqlHandlerDeps, lossless: LosslessJson) => [
  scalars(lossless),
  meResolvers(deps.identity),
  bucketResolvers(deps.identity),
  packageResolvers(deps),
  revisionResolvers(deps.packages),
  packageWriteResolvers(deps.packages),
  browsingSessionResolvers(deps),
  ...searchResolvers({ ...deps.search, packages: deps.packages }),
  ...(deps.uploadUrls === undefined ? [] : [uploadUrlResolvers(deps.uploadUrls)]),
]

/** Whether an error was meant to be seen: thrown as a GraphQLError, by us or by graphql itself. By name: yoga may have its own class. */
function isForClient(error: unknown): error is Error {
  if (!(error instanceof Error) || error.name !== 'GraphQLError') return false
  const original = 'originalError' in error ? error.originalError : undefined
  return original === undefined || original === null || isForClient(original)
}

/** Reads requests and writes results without losing a digit. */
function jsonAsWritten(lossless: LosslessJson): Plugin<object, GraphqlContext> {
  return {
    onRequestParse({ setRequestParser }) {
      setRequestParser(async (request) => requestParams(await arrived(request), lossless))
    },
    onExecutionResult({ result }) {
      if (result === undefined || Symbol.asyncIterator in result) return
      result.stringify = ({ data, errors, extensions }) =>
        encodeJson(fromPlain({ data, errors: errors?.map((error) => shown(error.toJSON())), extensions }))
    },
  }
}

/** What of an error goes out: not the status, which says it already. */
function shown({ message, locations, path, extensions = {} }: ReturnType<GraphQLError['toJSON']>): object {
  const { http: _status, ...rest } = extensions
  return {
    message,
    locations: locations?.map(({ line, column }) => ({ line, column })),
    path,
    extensions: Object.keys(rest).length === 0 ? undefined : rest,
  }
}

async function arrived(request: { text(): Promise<string> }): Promise<string> {
  try {
    return await request.text()
  } catch {
    throw badRequest('the connection ended before the body did') // nobody is there to read it; it is no defect
  }
}

function requestParams(text: string, lossless: LosslessJson): GraphQLParams {
  const body = bodyFrom(text)
  const query = body.get('query')
  const operationName = body.get('operationName')
  const variables = body.get('variables') ?? null
  if (typeof query !== 'string') throw badRequest('query is missing')
  if (variables !== null && !isJsonObject(variables)) throw badRequest('variables is not an object')
  checkDocument(query)
  return {
    query,
    ...(typeof operationName === 'string' && { operationName }),
    ...(variables !== null && { variables: lossless.plain(variables) }),
  }
}

function bodyFrom(text: string): JsonObject {
  try {
    const body = parseJson(text)
    if (isJsonObject(body)) return body
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    throw badRequest(error.message)
  }
  throw badRequest('the body is not a JSON object')
}

const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } })
