// The judge sees what is wrong, or its silence would mean nothing; and a message can be sent again.
import { describe, expect, it } from 'vitest'
import type { Answer, Exchanged } from './exchange.js'
import { faultsOf } from './judge.js'
import { exchangeOf } from './requests.js'
import type { Sending } from './wire.js'

const sending: Sending = { pieces: [], next: 'wait', answers: 1, kind: 'framed' }
const judged = (answer: Partial<Answer>, over: Partial<Exchanged> = {}) =>
  faultsOf(sending, {
    answers: [{ status: 200, headers: { 'content-type': 'application/json' }, body: '', ...answer }],
    rest: '',
    ended: 'complete',
    ...over,
  })
const events = { 'content-type': 'text/event-stream' }

describe('an answer', () => {
  it.each<[string, Partial<Answer>]>([
    ['a result', { body: '{"jsonrpc":"2.0","id":1,"result":{}}' }],
    [
      'a result among events',
      { headers: events, body: 'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n' },
    ],
    ['an error of ours', { status: 400, body: '{"error":{"code":"invalid_input","message":"x","retryable":false}}' }],
    ['nothing', { status: 202 }],
  ])('may be %s', (_what, answer) => expect(judged(answer)).toEqual([]))

  it.each<[string, Partial<Answer>]>([
    ['status 500', { status: 500 }],
    ['a body of unknown form', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['a body of unknown form', { body: '{"error":"x"}' }],
    ['a body of unknown form', { headers: events, body: 'data: x\n\n' }],
    ['a stack or a path in the body', { body: '{"jsonrpc":"2.0","error":{"message":"/app/node_modules/x"}}' }],
    ['an internal error', { body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x"}}' }],
    ['an internal error', { status: 400, body: '{"error":{"code":"internal","message":"x","retryable":false}}' }],
  ])('may not be %s', (what, answer) => expect(judged(answer)).toEqual([what]))
})

describe('an exchange', () => {
  it('may not end without the answer that is owed', () => {
    expect(judged({}, { answers: [], ended: 'late' })).toEqual(['no answer (framed)'])
    expect(judged({}, { answers: [], ended: 'closed' })).toEqual(['closed without an answer (framed)'])
    expect(judged({}, { answers: [], ended: 'closed', rest: 'HTTP/1.1 2' })).toContain('an answer broke off')
  })

  it('is the same for the same seed and index, and another for another', () => {
    const world = { host: 'x', token: 'qk_x', tools: [{ name: 'tool', inputSchema: {} }] }
    const sent = (seed: number) =>
      Array.from({ length: 50 }, (_, index) => {
        const { pieces, kind } = exchangeOf({ ...world, seed }, index)
        return `${kind} ${Buffer.concat(pieces).toString('base64')}`
      })
    expect(sent(1)).toEqual(sent(1))
    expect(new Set([...sent(1), ...sent(2)]).size).toBeGreaterThan(95)
  })
})
