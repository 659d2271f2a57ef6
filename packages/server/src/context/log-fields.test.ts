import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LogFields, writtenFields } from './log-fields.js'
import { writtenMessage } from './log-messages.js'
import { LoggedName } from './logged-name.js'

const id = 'f1c2a3b4-0000-4000-8000-0123456789ab'

/** What a caller can hand over in spite of the types: at the edges values are unknown. */
const smuggled = (fields: Readonly<Record<string, unknown>>) => writtenFields(fields)

describe('the fields of a line', () => {
  it('are written when they have the form of their field', () => {
    const fields: LogFields = {
      tool: LoggedName.ofTool({ name: 'object_read', access: 'read' }),
      resource: LoggedName.ofResource({ uri: 'quilt-platform://me', mimeType: 'text/markdown' }),
      host: LoggedName.ofHost('https://ada:private@catalog.example.com:8443/private?token=private#private'),
      setting: LoggedName.among(['--port', 'QUILT_MCP_PORT'], 'QUILT_MCP_PORT'),
      backend: 'platform',
      outcome: 'confirmation asked',
      code: 'not_found',
      ms: 12,
      count: 3,
      status: 404,
      requestId: id,
      reference: id,
      principal: '0123456789ab',
    }
    expect(writtenFields(fields)).toEqual({
      ...fields,
      tool: 'object_read',
      resource: 'quilt-platform://me',
      host: 'catalog.example.com:8443',
      setting: 'QUILT_MCP_PORT',
    })
  })

  it('are left out without a word when they are not there', () => {
    expect(writtenFields({ tool: undefined, ms: 1 })).toEqual({ ms: 1 })
  })

  it('are left out and counted when they are of another form, or no field', () => {
    const fields = { tool: 'object_read', ms: Number.NaN, outcome: 'fine', user: 'ada', __proto__x: 1, count: 1 }
    expect(smuggled(fields)).toEqual({ count: 1, dropped: 5 })
  })

  it('show a name that is among ours, and of another only that it is not', () => {
    expect(writtenFields({ setting: LoggedName.among(['--port'], 'private') })).toEqual({ setting: '<unknown>' })
  })

  it('show a name of a definition, not a text or something that looks like a name', () => {
    const fake = Object.create(LoggedName.prototype, { text: { value: 'private' } }) as unknown
    expect(smuggled({ tool: fake, resource: { text: 'private' }, host: 'private' })).toEqual({ dropped: 3 })
  })

  it('are written although one of them cannot be looked at', () => {
    const broken = new Proxy(new Error('private'), {
      getPrototypeOf: () => {
        throw new Error('private')
      },
    })
    const fields = { ms: 1, error: broken }
    Object.defineProperty(fields, 'count', {
      enumerable: true,
      get: () => {
        throw new Error('private')
      },
    })
    expect(writtenFields(fields)).toEqual({ ms: 1, dropped: 2 })
  })

  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 20, maxLength: 40 })
  /** Secrets and users' data in many forms, none of which a field allows. */
  const planted = fc.oneof(
    hex.map((text) => `qk_${text}`),
    hex.map((text) => `eyJ${text}.eyJ${text}.${text}`),
    hex.map((text) => `AKIA${text.toUpperCase()}`),
    hex.map((text) => `https://b.s3.amazonaws.com/k?X-Amz-Signature=${text}`),
    hex.map((text) => `${text}@example.com`),
    hex.map((text) => `folder ${text}/file.csv`),
    hex.map((text) => `${text}Error`),
    hex.map((text) => `line\n    at ${text} (/x/src/${text}.ts:1:2)\n    at /x/src/${text}.ts:1:2`),
    fc.string({ minLength: 12 }).map((text) => `p${text}p`),
  )
  /** Ways in which such a text can come along. */
  const carriers: readonly ((text: string) => unknown)[] = [
    (text) => text,
    (text) => [text],
    (text) => ({ text, [text]: text }),
    (text) => new Error(text),
    (text) => new Error('x', { cause: new TypeError(text, { cause: text }) }),
    (text) => Object.assign(new Error(text), { name: text, code: text, status: text, [text]: text, message: 'x' }),
    (text) => Object.assign(new Error('x'), { stack: `${text}\n    at ${text} (${text}:1:2)` }),
    (text) => new AggregateError([new Error(text)], text),
    (text) => new DOMException(text, text),
    (text) => Object.assign(Object.create(LoggedName.prototype) as object, { text, toString: () => text }),
    (text) => ({ toJSON: () => text, toString: () => text, valueOf: () => text }),
    (text) => new String(text),
    (text) => new URL(`https://example.com/${encodeURIComponent(text)}`),
    (text) => Buffer.from(text),
    (text) => () => text,
    (text) => Symbol(text),
    (text) => new Map([[text, text]]),
  ]
  const fieldNames = [
    ...[
      'tool',
      'resource',
      'host',
      'setting',
      'backend',
      'outcome',
      'code',
      'ms',
      'count',
      'status',
      'requestId',
      'reference',
    ],
    ...['principal', 'error', 'reason', 'cause', 'stack', 'user', 'level', 'time', 'msg', 'toJSON'],
  ]

  it('never show a planted text, whatever field it is put in and however it is carried', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom(...carriers), fc.constantFrom(...fieldNames), (text, carried, field) => {
        const line = JSON.stringify(smuggled({ [field]: carried(text), [text]: 1 }))
        expect(line).not.toContain(text)
        expect(line).not.toContain(JSON.stringify(text).slice(1, -1))
      }),
      { numRuns: 3000 },
    )
  })
})

describe('the message of a line', () => {
  it('is one of those that there are', () => {
    expect(writtenMessage('tool call')).toBe('tool call')
  })

  it('is not printed when it is another', () => {
    const made: string = 'the key private/data.csv is missing'
    // @ts-expect-error a message made at run time is refused by the types already
    expect(writtenMessage(made)).toBe('<unlisted>')
  })
})
