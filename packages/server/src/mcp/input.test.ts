import { describe, expect, it } from 'vitest'
import { parseInput } from './input.js'
import { sampleTools } from './test/sample-tools.js'
import { createToolRegistry } from './tool-registry.js'

const parse = (args: unknown) => {
  const { tool, inputSchema } = createToolRegistry(sampleTools).find('quote', { surface: 'ours', readOnly: false })
  return parseInput(tool, inputSchema, args)
}

describe('parseInput', () => {
  it.each([
    ['the exact form', { text: 'a', times: 2, loud: true }, { text: 'a', times: 2, loud: true }],
    ['numbers as text', { text: 'a', times: '5' }, { text: 'a', times: 5 }],
    ['booleans as text', { text: 'a', loud: 'False' }, { text: 'a', times: 1, loud: false }],
    ['objects as JSON text', { text: 'a', options: '{"depth":"3"}' }, { text: 'a', times: 1, options: { depth: 3 } }],
    ['lists as JSON text', { text: 'a', parts: '["x","y"]' }, { text: 'a', times: 1, parts: ['x', 'y'] }],
    ['one text for a list of texts', { text: 'a', parts: 'x' }, { text: 'a', times: 1, parts: ['x'] }],
    ['a number where a text is wanted', { text: 12 }, { text: '12', times: 1 }],
    ['empty text for what is optional', { text: 'a', times: '', loud: '', parts: '' }, { text: 'a', times: 1 }],
    ['null for what is optional', { text: 'a', times: null, options: null }, { text: 'a', times: 1 }],
    ['null where null means something', { text: 'a', metadata: null }, { text: 'a', times: 1, metadata: null }],
    ['all arguments as one JSON text', '{"text":"a"}', { text: 'a', times: 1 }],
    ['a text that looks like JSON where a text is wanted', { text: '{"a":1}' }, { text: '{"a":1}', times: 1 }],
    ['characters of any script', { text: 'Ж🧬' }, { text: 'Ж🧬', times: 1 }],
    ['an empty text that is required', { text: '' }, { text: '', times: 1 }],
  ])('accepts %s', (_what, given, expected) => {
    expect(parse(given)).toEqual(expected)
  })

  it.each([
    ['an argument that is missing', {}, 'quote: text is required'],
    ['a number out of range', { text: 'a', times: 0 }, 'quote: times: Too small: expected number to be >=1'],
    ['a word where a number is wanted', { text: 'a', times: 'many' }, 'quote: times: expected number, received string'],
    [
      'half a character',
      { text: 'a', parts: ['b', '\ud800'] },
      'quote: parts holds half a character (a lone surrogate)',
    ],
    [
      'half a character in a name',
      { text: 'a', metadata: { '\udfff': 1 } },
      'quote: metadata holds half a character (a lone surrogate)',
    ],
    ['an unknown argument', { text: 'a', tims: 1 }, 'quote: there is no argument "tims", did you mean times?'],
    [
      'an unknown member of an object',
      { text: 'a', options: { depth: 1, width: 2 } },
      'quote: there is no argument "width"',
    ],
    ['two things at once', { times: 0 }, 'quote: text is required; times: Too small: expected number to be >=1'],
    ['no object at all', [1], 'the arguments of quote are not an object'],
  ])('refuses %s, and says what is accepted', (_what, given, message) => {
    expect(() => parse(given)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message,
        hint: 'Arguments: text (required), times, loud, parts, options, metadata.',
      }),
    )
  })

  it('takes no prototype for an argument', () => {
    expect(() => parse('{"text":"a","__proto__":{"x":1}}')).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
