import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { thrownFacts } from './thrown-facts.js'

const here = expect.stringMatching(/^context\/thrown-facts\.test\.ts:\d+:\d+$/) as string
const [fact] = [(thrown: unknown) => thrownFacts(thrown)[0]]

describe('the facts of something thrown', () => {
  it('are its class and where it was made, not what it says', () => {
    const facts = thrownFacts(new TypeError('private'))
    expect(facts).toEqual([{ kind: 'TypeError', at: expect.arrayContaining([here]) as string[] }])
    expect(JSON.stringify(facts)).not.toContain('private')
  })

  it('are those of its causes too, innermost last', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' })
    const facts = thrownFacts(new QuiltError('upstream', 'the registry at 10.0.0.1 is down', { cause }))
    expect(facts.map(({ kind, code }) => [kind, code])).toEqual([
      ['QuiltError', 'upstream'],
      ['Error', 'ECONNREFUSED'],
    ])
    expect(JSON.stringify(facts)).not.toContain('10.0.0.1')
  })

  it('end after four causes, also when the last is the first', () => {
    const error = new Error('a')
    error.cause = error
    expect(thrownFacts(error)).toHaveLength(4)
  })

  it.each([
    ['a text', 'private', 'string'],
    ['null', null, 'object'],
    ['an object', { private: 1 }, 'object'],
  ])('are only the type of %s', (_, thrown, kind) => expect(thrownFacts(thrown)).toEqual([{ kind }]))

  it('are none of nothing', () => expect(thrownFacts(undefined)).toEqual([]))

  it('leave out a name that was given to one error: services write there what they answered', () => {
    const error = Object.assign(new RangeError('x'), { name: 'PrivateError', code: 'PRIVATE' })
    expect(fact(error)).toMatchObject({ kind: 'RangeError' })
    expect(fact(error)).not.toHaveProperty('code')
  })

  it('name the nearest class that calls itself an error', () => {
    class ServiceException extends Error {}
    class NoSuchPrivateKey extends ServiceException {}
    expect(fact(new NoSuchPrivateKey())).toMatchObject({ kind: 'ServiceException' })
  })

  it('leave out functions: their names can be made from data', () => {
    const name = 'private name'
    const made = {
      [name](): Error {
        return new Error('x')
      },
    }
    const thrown = made[name]?.()
    expect(thrown).toHaveProperty('stack', expect.stringContaining('private name'))
    expect(JSON.stringify(thrownFacts(thrown))).not.toContain('private')
    expect(fact(thrown)?.at?.length).toBeGreaterThan(2)
  })

  it('take no line of a message for a place', () => {
    const message = 'first\n    at private (/src/private.ts:1:2)\n    at /src/private.ts:3:4'
    const facts = thrownFacts(new Error(message))
    expect(facts).toEqual([{ kind: 'Error', at: expect.arrayContaining([here]) as string[] }])
    expect(JSON.stringify(facts)).not.toContain('private')
  })

  it('have no places when the message was changed after the stack was made', () => {
    const error = new Error('first\n    at private (/src/private.ts:1:2)')
    error.message = ''
    expect(thrownFacts(error)).toEqual([{ kind: 'Error' }])
  })

  it('show a place below its source or package folder only, never who installed it where', () => {
    const error = new Error('x')
    error.stack = [
      'Error: x',
      '    at call (file:///home/ada/node_modules/@quilt-mcp/server/dist/cli.js:1:2)',
      '    at async /home/ada/work/packages/server/src/mcp/server.ts:3:4',
      '    at run (C:\\Users\\Ada L\\tool.mjs:5:6)',
      '    at Module._compile (node:internal/modules/cjs/loader:7:8)',
      '    at eval (eval at build (/home/ada/x.js:1:1), <anonymous>:9:10)',
    ].join('\n')
    expect(fact(error)?.at).toEqual([
      '@quilt-mcp/server/dist/cli.js:1:2',
      'mcp/server.ts:3:4',
      'tool.mjs:5:6',
      'node:internal/modules/cjs/loader:7:8',
    ])
  })
})
