import { encodeJson, type Json, parseJson } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { mergePatch, metadataArgument, userPartOf, withUserMeta } from './metadata.js'

const object = (text: string) => {
  const json = metadataArgument(text)
  if (json === undefined || json === null) throw new Error('not an object')
  return json
}

describe('metadataArgument', () => {
  it('keeps number text and key order of JSON text', () => {
    const text = '{"b":1.0,"a":12345678901234567890123,"10":1,"9":[1e-7]}'
    expect(encodeJson(object(text))).toBe(text)
  })

  it('tells apart absent, null and {}', () => {
    expect(metadataArgument(undefined)).toBeUndefined()
    expect(metadataArgument(null)).toBeNull()
    expect(metadataArgument({})).toEqual(new Map())
  })

  it.each(['[1]', '"x"', '{"a":'])('refuses %j', (text) => {
    expect(() => metadataArgument(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('mergePatch', () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s is %s', (target, patch, merged) => {
    expect(encodeJson(mergePatch(parseJson(target), parseJson(patch)))).toBe(merged)
  })

  it('makes an object where there was nothing, and keeps untouched numbers as they were written', () => {
    const nothing: Json | undefined = undefined
    expect(encodeJson(mergePatch(nothing, parseJson('{"a":1}')))).toBe('{"a":1}')
    expect(encodeJson(mergePatch(parseJson('{"a":1.0,"b":2}'), parseJson('{"b":3.50}')))).toBe('{"a":1.0,"b":3.50}')
  })
})

describe('withUserMeta', () => {
  const meta = object('{"format":{"name":"csv"},"user_meta":{"a":1}}')

  it('changes the user part alone', () => {
    expect(encodeJson(withUserMeta(meta, object('{"b":2}')))).toBe('{"format":{"name":"csv"},"user_meta":{"b":2}}')
  })

  it('removes the user part for null and {}, and keeps all when nothing is said', () => {
    expect([null, object('{}')].map((one) => encodeJson(withUserMeta(meta, one)))).toEqual(
      Array(2).fill('{"format":{"name":"csv"}}'),
    )
    expect(withUserMeta(meta, undefined)).toBe(meta)
  })

  it('knows what belongs to the user', () => {
    expect(encodeJson(userPartOf(meta))).toBe('{"user_meta":{"a":1}}')
  })
})
