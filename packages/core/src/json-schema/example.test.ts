import { describe, expect, it } from 'vitest'
import { fromPlain, toPlain } from '../json/plain.js'
import { compileSchema } from './compile.js'
import { exampleOf } from './example.js'

const example = (schema: unknown) => toPlain(exampleOf(fromPlain(schema)))
const failures = (schema: unknown) =>
  compileSchema(fromPlain(schema), { limit: 20 })(exampleOf(fromPlain(schema))).map(({ message }) => message)

describe('an example of a schema', () => {
  it.each([
    [{ const: 7 }, 7],
    [{ enum: ['RNA', 'ATAC'] }, 'RNA'],
    [{ type: 'string', default: 'none' }, 'none'],
    [{ type: 'string', examples: ['S1'] }, 'S1'],
    [{ type: 'string', minLength: 6 }, 'textxx'],
    [{ type: 'string', maxLength: 2 }, 'te'],
    [{ type: 'string', format: 'date' }, '2026-01-31'],
    [{ type: 'integer', minimum: 3 }, 3],
    [{ type: 'number', exclusiveMinimum: 0, multipleOf: 0.5 }, 1],
    [{ type: 'integer', maximum: -4 }, -4],
    [{ type: ['null', 'string'] }, null],
    [{ type: 'boolean' }, true],
    [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
    [{ type: 'array' }, ['text']],
    [{}, null],
    [true, null],
    [
      {
        type: 'object',
        required: ['assay', 'donor'],
        properties: { assay: { enum: ['RNA'] }, donor: { required: ['id'] }, note: { type: 'string' } },
      },
      { assay: 'RNA', donor: { id: 'text' } },
    ],
    [
      {
        required: ['a'],
        allOf: [{ required: ['b'], properties: { b: { const: 2 } } }],
        properties: { a: { const: 1 } },
      },
      { a: 1, b: 2 },
    ],
    [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, 1],
  ])('of %j is %j, which passes', (schema, value) => {
    expect(example(schema)).toEqual(value)
    expect(failures(schema)).toEqual([])
  })

  it('leaves what a pattern asks for to be filled in', () => {
    expect(failures({ type: 'string', pattern: '^S[0-9]+$' })).toHaveLength(1)
  })

  it('ends for a schema that goes on and on', () => {
    let schema: unknown = { type: 'string' }
    for (let depth = 0; depth < 100; depth++) schema = { type: 'array', items: schema }
    expect(JSON.stringify(example(schema)).length).toBeLessThan(100)
    expect(example({ type: 'array', minItems: 1_000_000 })).toHaveLength(20)
  })
})
