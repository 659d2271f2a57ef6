import { encodeJson, parseJson } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { threeWay } from './three-way.js'

const json = (text: string | undefined) => (text === undefined ? undefined : parseJson(text))
function merged(base: string | undefined, ours: string | undefined, theirs: string | undefined) {
  const conflicts: string[] = []
  const value = threeWay({ base: json(base), ours: json(ours), theirs: json(theirs) }, (path) => conflicts.push(path))
  return { value: value === undefined ? undefined : encodeJson(value), conflicts }
}

describe('a three-way merge of metadata', () => {
  it.each([
    ['{"a":1}', '{"a":1}', '{"a":2}', '{"a":2}'],
    ['{"a":1}', '{"a":2}', '{"a":1}', '{"a":2}'],
    ['{"a":1}', '{"a":2}', '{"a":2}', '{"a":2}'],
    ['{"a":1,"b":1}', '{"b":1}', '{"a":1,"b":2}', '{"b":2}'],
    ['{"a":{"x":1.0}}', '{"a":{"x":1.0,"y":1}}', '{"a":{"x":1.0,"z":2}}', '{"a":{"x":1.0,"z":2,"y":1}}'],
    [undefined, '{"a":1}', '{"b":2}', '{"b":2,"a":1}'],
    ['{"a":1}', undefined, '{"a":1}', undefined],
  ])('of %s, changed to %s and to %s, is %s', (base, ours, theirs, value) => {
    expect(merged(base, ours, theirs)).toEqual({ value, conflicts: [] })
  })

  it('names what both changed in two ways', () => {
    expect(merged('{"a":{"x":1},"b":1}', '{"a":{"x":2}}', '{"a":{"x":3},"b":2}').conflicts).toEqual(['a.x', 'b'])
    expect(merged(undefined, 'null', '{}').conflicts).toEqual([''])
  })
})
