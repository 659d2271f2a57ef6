import { parseQuery, type QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { type Answer, json, silence, text } from '../../test/fault-server.js'
import { foundPackage, packagesFound, playing, searchAt } from './test/playing-registry.js'

async function refusal(...answers: readonly Answer[]): Promise<QuiltError> {
  const { search } = await searchAt(answers)
  return refusalOf(search.search({ scope: 'packages', query: parseQuery('cells') }))
}
const operationError = (name: string, message: string) => ({
  __typename: 'OperationError',
  name,
  message,
  context: null,
})
const invalidInput = (name: string) => ({
  __typename: 'InvalidInput',
  errors: [{ path: 'searchString', name, message: 'Failed to parse query [(', context: null }],
})

describe('a search that fails', () => {
  it.each([
    ['the registry could not read it', { searchPackages: invalidInput('QuerySyntax') }, 'invalid_input'],
    [
      'the registry could not order by it',
      { searchPackages: { ...packagesFound([]), firstPage: invalidInput('UnsupportedSort') } },
      'invalid_input',
    ],
    ['it took too long', { searchPackages: operationError('Timeout', 'Search timed out') }, 'timeout'],
    ['the registry failed', { searchPackages: operationError('SearchError', 'index is red') }, 'upstream'],
    [
      'the first page failed',
      { searchPackages: { ...packagesFound([]), firstPage: operationError('ConnectionTimeout', 'x') } },
      'timeout',
    ],
  ])('because %s is an error', async (_why, played, code) => {
    const error = await refusal(playing(played))
    expect(error.code).toBe(code)
    expect(error.hint).toBeTruthy()
    expect(error.message).not.toContain('Failed to parse')
  })

  it('in part is never a success', async () => {
    const half = json({ data: { searchPackages: packagesFound([foundPackage()]) }, errors: [{ message: 'one shard' }] })
    expect((await refusal(half)).code).toBe('partial')
  })

  it.each([
    [json({ data: { searchPackages: { __typename: 'SearchPostponed' } } }), 'upstream'],
    [json({ data: { searchPackages: null } }), 'upstream'],
    [json({ errors: [{ message: 'Internal Server Error' }] }), 'upstream'],
    [text('no', 401), 'unauthenticated'],
  ])('by an answer like no other is an error', async (answer, code) => {
    expect((await refusal(answer)).code).toBe(code)
  })

  it('behind a cursor is an error', async () => {
    const { search } = await searchAt([
      playing({
        searchPackages: packagesFound([foundPackage()], { cursor: 'next' }),
        searchMorePackages: invalidInput('cursor'),
      }),
    ])
    const refused = search.search({ scope: 'packages', query: parseQuery('cells') })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it.each(['packages', 'objects'] as const)('to answer in time is a timeout, of %s too', async (scope) => {
    const { search } = await searchAt([silence])
    const error = await refusalOf(search.search({ scope, query: parseQuery('cells') }))
    expect(error.code).toBe('timeout')
  })

  it('ends when the caller has gone', async () => {
    const { search } = await searchAt([silence])
    const caller = new AbortController()
    const gone = search.search({ scope: 'packages', query: parseQuery('cells') }, { signal: caller.signal })
    caller.abort(new Error('enough'))
    await expect(gone).rejects.toThrow('enough')
  })
})

describe('metadata that is no JSON', () => {
  it('hides no hit', async () => {
    const { search } = await searchAt([playing({ searchPackages: packagesFound([foundPackage({ meta: '{"a": ' })]) })])
    const { hits } = await search.search({ scope: 'packages', query: parseQuery('') })
    expect(hits).toHaveLength(1)
    expect(hits[0]).not.toHaveProperty('userMeta')
  })
})

describe('a place that only the registry sees', () => {
  it('is told without words', async () => {
    const matchLocations = { name: true, comment: false, meta: true, workflow: false }
    const { search } = await searchAt([
      playing({ searchPackages: packagesFound([foundPackage({ meta: '{"cell":1}', matchLocations })]) }),
    ])
    const { hits } = await search.search({ scope: 'packages', query: parseQuery('runs') })
    expect(hits[0]?.matched).toEqual([
      { field: 'name', text: 'lab/cells', words: [] },
      { field: 'meta', text: '{"cell":1}', words: [] },
    ])
  })
})

describe('waiting', () => {
  it('is told until the registry answers', async () => {
    let answer: (() => void) | undefined
    const late: Answer = (request, response, body) => {
      answer = () => playing({ searchPackages: packagesFound([foundPackage()]) })(request, response, body)
    }
    const { search } = await searchAt([late], { progressEveryMs: 20 })
    const told: string[] = []
    const { hits } = await search.search(
      { scope: 'packages', query: parseQuery('cells') },
      {
        onProgress: ({ message }) => {
          told.push(message)
          answer?.()
          answer = undefined
        },
      },
    )
    expect([hits.length, told[0]]).toEqual([1, 'Searching packages: waiting for the registry'])
  })
})
