import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createHttpClient } from '../http/client.js'
import { type Answer, cutOff, faultServer, hangUp, json, silence, text, webPage } from '../test/fault-server.js'
import { fields, jsonObject, member, number, record } from './answer.js'
import { registryGraphql } from './graphql.js'
import { operation } from './operation.js'

const sizeQuery = operation<{ name: string }>()({
  document: 'query Size($name: String!) { size(name: $name) }',
  attempt: 'Asking for a size',
  kind: 'quick',
  read: fields(record({ size: number })),
})

const makeMutation = operation<{ meta: typeof jsonObject._output }>()({
  document: 'mutation Make($meta: JsonRecord) { make(meta: $meta) { __typename ... on Made { id meta } } }',
  attempt: 'Making it',
  kind: 'write',
  read: member('make', 'Made', record({ id: z.string(), meta: jsonObject })),
})

async function registry(...answers: readonly Answer[]) {
  const server = await faultServer(...answers)
  const http = createHttpClient({ pauseMs: 1, timeoutsMs: answers.includes(silence) ? { quick: 100 } : {} })
  onTestFinished(() => http.close())
  return {
    server,
    graphql: registryGraphql({
      registryUrl: async () => server.url,
      token: 'secret-token',
      http,
      maxAnswerBytes: 10_000,
    }),
  }
}

async function refusal(...answers: readonly Answer[]): Promise<QuiltError> {
  const { graphql } = await registry(...answers)
  const error = await graphql.run(sizeQuery, { name: 'x' }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof QuiltError) return error
  throw new Error('not refused', { cause: error })
}

async function makeRefusal(answer: unknown): Promise<QuiltError> {
  const { graphql } = await registry(json({ data: { make: answer } }))
  const error = await graphql.run(makeMutation, { meta: new Map() }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof QuiltError) return error
  throw new Error('not refused', { cause: error })
}

describe('a GraphQL call', () => {
  it('sends document and variables with the bearer token', async () => {
    const { graphql, server } = await registry(json({ data: { size: 3.5 } }))
    expect(await graphql.run(sizeQuery, { name: 'x' })).toEqual({ size: 3.5 })
    expect(server.requests).toEqual(['POST /graphql'])
    expect(server.headers[0]?.authorization).toBe('Bearer secret-token')
    expect(JSON.parse(server.bodies[0] ?? '')).toEqual({ query: sizeQuery.document, variables: { name: 'x' } })
  })

  it('keeps numbers and key order of metadata both ways', async () => {
    const made =
      '{"data":{"make":{"__typename":"Made","id":"1","meta":{"b":1.0,"10":12345678901234567890123,"a":{"x":1e-05}}}}}'
    const { graphql, server } = await registry(json(made))
    const { meta } = await graphql.run(makeMutation, { meta: new Map() })
    await graphql.run(makeMutation, { meta })
    expect(server.bodies[1]).toContain('"variables":{"meta":{"b":1.0,"10":12345678901234567890123,"a":{"x":1e-05}}}')
  })

  it.each([
    ['HTTP 401', json({ message: 'Unauthorized' }, 401), 'unauthenticated'],
    ['HTTP 401 with GraphQL errors', json({ errors: [{ message: 'no' }] }, 401), 'unauthenticated'],
    ['HTTP 403', json({ message: 'Forbidden' }, 403), 'forbidden'],
    ['HTTP 404', text('nope', 404), 'not_found'],
    ['HTTP 429', text('slow', 429), 'rate_limited'],
    ['HTTP 500', json({ message: 'oops' }, 500), 'upstream'],
    ['HTTP 500 as a web page', webPage(500), 'upstream'],
    ['HTTP 502 without end', webPage(502), 'upstream'],
    ['a redirect', text('', 302, { location: 'https://login.example.com/' }), 'upstream'],
    ['a web page', webPage(), 'upstream'],
    ['text', text('hello'), 'upstream'],
    ['half of a JSON text', text('{"data": {"size"'), 'upstream'],
    ['a cut body', cutOff('{"data": {"size"'), 'upstream'],
    ['a list', json([]), 'upstream'],
    ['no data', json({}), 'upstream'],
    ['data of another shape', json({ data: { size: 'large' } }), 'upstream'],
    ['more than it may', json({ data: { size: 1, pad: 'x'.repeat(20_000) } }), 'upstream'],
    ['a lost connection', hangUp, 'upstream'],
    ['silence', silence, 'timeout'],
    ['errors without data', json({ errors: [{ message: 'Internal Server Error' }] }), 'upstream'],
    ['errors with null data', json({ data: null, errors: [{ message: 'Internal Server Error' }] }), 'upstream'],
    [
      'an error that says who is asking',
      json({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }),
      'unauthenticated',
    ],
    ['data and errors together', json({ data: { size: 1 }, errors: [{ message: 'half' }] }), 'partial'],
    ['HTTP 400 with errors', json({ errors: [{ message: 'Cannot query field' }] }, 400), 'upstream'],
  ])('takes %s', async (_fault, answer, code) => {
    const error = await refusal(answer)
    expect(error.code).toBe(code)
    expect(error.hint).toBeTruthy()
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toMatch(/secret-token|<html>/)
  })

  it('repeats a query after HTTP 503, but never a mutation', async () => {
    const { graphql } = await registry(text('busy', 503), json({ data: { size: 1 } }))
    expect(await graphql.run(sizeQuery, { name: 'x' })).toEqual({ size: 1 })
    const busy = await registry(text('busy', 503))
    await expect(busy.graphql.run(makeMutation, { meta: new Map() })).rejects.toMatchObject({ code: 'upstream' })
    expect(busy.server.requests).toHaveLength(1)
  })
})

describe('a result union', () => {
  it('lists every problem of InvalidInput with its path', async () => {
    const error = await makeRefusal({
      __typename: 'InvalidInput',
      errors: [
        { path: 'src.entries', message: 'is empty', name: 'Empty', context: null },
        { path: null, message: 'is wrong', name: 'Wrong', context: { seen: 1 } },
      ],
    })
    expect([error.code, error.message]).toEqual([
      'invalid_input',
      'Making it: the registry refused the input: src.entries: is empty; is wrong',
    ])
    expect(error.details).toEqual({
      errors: [
        { path: 'src.entries', message: 'is empty', name: 'Empty', context: undefined },
        { path: undefined, message: 'is wrong', name: 'Wrong', context: { seen: 1 } },
      ],
    })
  })

  it.each([
    ['Forbidden', 'forbidden'],
    ['WorkflowValidationError', 'invalid_input'],
    ['AWSError', 'upstream'],
    ['toString', 'upstream'],
  ])('maps OperationError %s to %s', async (name, code) => {
    const error = await makeRefusal({ __typename: 'OperationError', name, message: 'It does not go', context: null })
    expect([error.code, error.message, error.details]).toEqual([code, `Making it: It does not go (${name})`, { name }])
  })

  it('names a member that it does not know', async () => {
    const error = await makeRefusal({ __typename: 'MadeTwice' })
    expect([error.code, error.details]).toEqual(['upstream', { typename: 'MadeTwice' }])
    expect(error.message).toContain('MadeTwice')
  })

  it('does not take a missing result for success', async () => {
    expect((await makeRefusal(null)).code).toBe('upstream')
  })
})
