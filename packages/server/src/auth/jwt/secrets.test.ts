import type { KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseSecrets, secretFor } from './secrets.js'

const first = 'the first secret, of thirty-two bytes and more'
const second = 'the second secret, of thirty-two bytes and more'
const textOf = (key: KeyObject | undefined): string | undefined => key?.export().toString()
const serves = (text: string, kid: string | undefined) => textOf(secretFor(parseSecrets(text), kid))

describe('a bare secret', () => {
  it.each([undefined, '', 'k1', '__proto__'])('serves tokens of every key id: %s', (kid) => {
    expect(serves(first, kid)).toBe(first)
  })

  it('is taken without the line ends of its file, and with all else', () => {
    expect(serves(`${first}\r\n\n`, undefined)).toBe(first)
    expect(serves(` ${first} `, undefined)).toBe(` ${first} `)
  })

  it('may be any text of 32 bytes', () => {
    expect(serves('"'.repeat(32), undefined)).toBe('"'.repeat(32))
    expect(serves('ä'.repeat(16), undefined)).toBe('ä'.repeat(16))
  })
})

describe('secrets by key id', () => {
  const both = `${JSON.stringify({ k1: first, k2: second }, null, 2)}\n`

  it('serve the tokens of their id and no others', () => {
    expect(serves(both, 'k1')).toBe(first)
    expect(serves(both, 'k2')).toBe(second)
    expect(serves(both, 'k3')).toBeUndefined()
    expect(serves(both, undefined)).toBeUndefined()
    expect(serves(both, 'toString')).toBeUndefined()
  })

  it('serve no token without an id when there is one of them, unless it has the empty one', () => {
    expect(serves(JSON.stringify({ k1: first }), undefined)).toBeUndefined()
    expect(serves(JSON.stringify({ '': first, k2: second }), undefined)).toBe(first)
    expect(serves(JSON.stringify({ '': first, k2: second }), 'k3')).toBeUndefined()
  })
})

describe('what is no secret', () => {
  it.each([
    ['nothing', '', 'the token secret is shorter than 32 bytes'],
    ['31 bytes', `abc${'hunter2'.repeat(4)}`, 'the token secret is shorter than 32 bytes'],
    ['line ends that fill it up', `hunter2${'\n'.repeat(32)}`, 'the token secret is shorter than 32 bytes'],
    [
      'a short one among others',
      JSON.stringify({ k1: first, k2: 'hunter2' }),
      'the token secret "k2" is shorter than 32 bytes',
    ],
    ['broken JSON', `{"k1": "hunter2${first}`, 'the token secrets begin like JSON and are no JSON object of texts'],
    [
      'JSON of other things',
      '{"k1": {"hunter2": 1}}',
      'the token secrets begin like JSON and are no JSON object of texts',
    ],
    ['no secret at all', '{}', 'the token secrets begin like JSON and are no JSON object of texts'],
  ])('is refused, and not shown: %s', (_what, text, message) => {
    let thrown: unknown
    try {
      parseSecrets(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'invalid_input', message })
    expect(inspect(thrown, { depth: 9 })).not.toContain('hunter2')
  })
})
