import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { fromPlain } from '../json/plain.js'
import { compileSchema } from './compile.js'

const failures = (schema: unknown, value: string, limit = 20) =>
  compileSchema(fromPlain(schema), { limit })(parseJson(value)).map(({ message }) => message)

describe('a schema', () => {
  it('says which rule, which path, what would pass', () => {
    const schema = {
      type: 'object',
      required: ['assay', 'donor'],
      properties: { assay: { enum: ['RNA', 'ATAC'] }, runs: { items: { properties: { lane: { maximum: 8 } } } } },
      additionalProperties: false,
    }
    const value = '{"assay": "DNA", "runs": [{"lane": 9}], "extra": null}'
    expect(compileSchema(fromPlain(schema), { limit: 20 })(parseJson(value))).toEqual([
      { path: '', rule: 'required', message: 'the value must have "donor"' },
      { path: '', rule: 'additionalProperties', message: 'the value may not have "extra"' },
      { path: '/assay', rule: 'enum', message: '/assay must be one of ["RNA","ATAC"]; it is "DNA"' },
      { path: '/runs/0/lane', rule: 'maximum', message: '/runs/0/lane must be <= 8; it is 9' },
    ])
    expect(failures(schema, value, 1)).toEqual(['the value must have "donor"'])
  })

  it.each([
    ['a float without fraction', { type: 'integer' }, '1.0'],
    ['an integer beyond 2^53', { type: 'integer' }, '123456789012345678901234567890'],
    ['a format', { format: 'date' }, '"never"'],
    ["Python's pattern", { pattern: '^(?P<id>\\w\\-)+\\Z' }, '"ü-"'],
    [
      'a keyword of OpenAPI or a newer draft',
      { nullable: false, unevaluatedProperties: false, $async: true },
      '{"a": 1}',
    ],
    ['an id of draft-04', { id: 'x', $id: 'not a uri at all^' }, '1'],
    ['everything', true, 'null'],
  ])('passes %s', (_, schema, value) => expect(failures(schema, value)).toEqual([]))

  it.each([
    ['a boolean for a number', { type: 'number' }, 'true', 'the value must be of type number; it is boolean true'],
    ['an inherited name', { required: ['toString'] }, '{}', 'the value must have "toString"'],
    ['null', { type: ['object', 'string'] }, 'null', 'the value must be of type object or string; it is null'],
    [
      'a key',
      { propertyNames: { pattern: '^[a-z]+$' } },
      '{"B": 1}',
      'the value may not have the key "B": a key must match the pattern "^[a-z]+$"; it is "B"',
    ],
    ['anything', false, '1', 'the value is not allowed'],
  ])('refuses %s', (_, schema, value, message) => expect(failures(schema, value)).toEqual([message]))

  it.each([
    ['another draft', { $schema: 'https://json-schema.org/draft/2020-12/schema' }, /\$schema/],
    ['a $ref, wherever', { properties: { a: { enum: [{ $ref: 1 }] } } }, /\$ref at \/properties\/a\/enum\/0/],
    ['a $ref even as the name of a property', { properties: { $ref: {} } }, /\$ref at \/properties/],
    ['what is not draft-07', { type: 'text' }, /^the schema is not valid: \/type/],
    ['a title that is not text', { title: 5 }, /^the schema is not valid: \/title/],
    ['a pattern Python refuses', { pattern: '(' }, /cannot be checked/],
    ['text', 'schema', /not an object/],
  ])('is refused: %s', (_, schema, message) =>
    expect(() => failures(schema, '{"a": "a"}')).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
    ))
})
