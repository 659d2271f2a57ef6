// A GraphQL server with the real registry's schema, whose answers a test gives: what does not fit the schema is refused as the registry does.
import { readFileSync } from 'node:fs'
import { buildClientSchema, execute, type GraphQLSchema, type IntrospectionQuery, parse, validate } from 'graphql'
import { onTestFinished } from 'vitest'
import { createHttpClient } from '../../../http/client.js'
import { registryGraphql } from '../../../registry-api/graphql.js'
import { type Answer, type FaultServer, faultServer, json, silence } from '../../../test/fault-server.js'
import type { Search } from '../../port.js'
import { type RegistrySearchDeps, registrySearch } from '../registry-search.js'
import { createSearchForms } from '../search-forms.js'

const introspection: { data?: IntrospectionQuery } & IntrospectionQuery = JSON.parse(
  readFileSync(new URL('../../../registry-api/fixtures/registry-schema.introspection.json', import.meta.url), 'utf8'),
)
/** Of the registry as it is. */
export const registrySchema = buildClientSchema(introspection.data ?? introspection)

/** What a test answers with, by the field that is asked: a value, or how it is made of the arguments. */
export type Played = Readonly<Record<string, unknown>>

/** Answers GraphQL with what is played. */
export const playing =
  (played: Played, schema: GraphQLSchema = registrySchema): Answer =>
  (request, response, body) => {
    const { query, variables }: { query: string; variables: Record<string, unknown> } = JSON.parse(body)
    const document = parse(query)
    const errors = validate(schema, document)
    if (errors.length > 0) {
      json({ errors: errors.map(({ message }) => ({ message })) }, 400)(request, response, body)
      return
    }
    const result = execute({ schema, document, variableValues: variables, rootValue: played })
    void Promise.resolve(result).then((value) => json(value)(request, response, body))
  }

export interface PlayingRegistry {
  readonly search: Search
  readonly server: FaultServer
  /** Name and variables of every operation that was sent, in order, without what is null. */
  asked(): readonly Record<string, unknown>[]
}

/** The time at which everything is searched: 2026-03-01, noon. */
const now = Date.UTC(2026, 2, 1, 12)

/** A search at a registry that answers the n-th request by the n-th answer, the last one for all that follow. */
export async function searchAt(
  answers: readonly Answer[],
  more: Partial<RegistrySearchDeps> = {},
): Promise<PlayingRegistry> {
  const server = await faultServer(...answers)
  const timeoutsMs = answers.includes(silence) ? { quick: 200, search: 200 } : {}
  const http = createHttpClient({ pauseMs: 1, timeoutsMs })
  onTestFinished(() => http.close())
  const rest = { registryUrl: async () => server.url, token: 'secret-token', http }
  const graphql = registryGraphql(rest)
  const search = registrySearch({
    graphql,
    stack: server.url,
    forms: createSearchForms(),
    rest,
    now: () => now,
    ...more,
  })
  return {
    search,
    server,
    asked: () =>
      server.bodies.map((body, index) => {
        if (body === '') return { request: server.requests[index] }
        const { query, variables }: { query: string; variables: object } = JSON.parse(body)
        return { operation: /query (\w+)/.exec(query)?.[1], ...withoutNull(variables) }
      }),
  }
}

function withoutNull(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]: [string, unknown]) => [
        name,
        typeof member === 'object' && member !== null && !Array.isArray(member) ? withoutNull(member) : member,
      ]),
  )
}

/** Packages as `searchPackages` answers them. */
export const packagesFound = (
  hits: readonly object[],
  more: { total?: number; cursor?: string; stats?: object } = {},
) => ({
  __typename: 'PackagesSearchResultSet',
  total: more.total ?? hits.length,
  ...(more.stats === undefined ? {} : { stats: more.stats }),
  firstPage: packagesPage(hits, more.cursor),
})

/** A page of packages. */
export const packagesPage = (hits: readonly object[], cursor?: string) => ({
  __typename: 'PackagesSearchResultSetPage',
  cursor: cursor ?? null,
  hits,
})

/** A package as the registry finds it; a test says what it is about. */
export const foundPackage = (more: object = {}) => ({
  id: 'ptr:1',
  score: 1,
  bucket: 'lab-a',
  name: 'lab/cells',
  pointer: 'latest',
  hash: 'a'.repeat(64),
  size: 100,
  modified: '2026-01-02T03:04:05.678901+00:00',
  totalEntriesCount: 2,
  comment: null,
  meta: null,
  workflow: null,
  matchLocations: { name: false, comment: false, meta: false, workflow: false },
  matchingEntries: [],
  ...more,
})

/** A file of a package as the registry tells it. */
export const matchingEntry = (logicalKey: string, more: object = {}) => ({
  logicalKey,
  physicalKey: `s3://lab-a/${logicalKey}?versionId=1`,
  size: 10,
  meta: null,
  matchLocations: { logicalKey: true, physicalKey: false, meta: false, contents: false },
  ...more,
})

/** Objects as `searchObjects` answers them. */
export const objectsFound = (
  hits: readonly object[],
  more: { total?: number; cursor?: string; stats?: object } = {},
) => ({
  __typename: 'ObjectsSearchResultSet',
  total: more.total ?? hits.length,
  ...(more.stats === undefined ? {} : { stats: more.stats }),
  firstPage: { cursor: more.cursor ?? null, hits },
})

/** An object as the registry finds it. */
export const foundObject = (key: string, more: object = {}) => ({
  id: key,
  score: 1,
  bucket: 'lab-a',
  key,
  version: 'v1',
  size: 10,
  modified: '2026-01-02T03:04:05Z',
  deleted: false,
  indexedContent: null,
  ...more,
})
