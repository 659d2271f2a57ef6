import { expect, it } from 'vitest'
import { editedYaml } from './edit.js'

const edited = (text: string, value: object) => editedYaml(text, value, 'the config')

it('leaves a text that says the value already', () => {
  expect(edited('b:   yes # so\na: [1,2]', { a: [1, 2], b: true })).toBe('b:   yes # so\na: [1,2]')
})

it('changes, adds and removes what differs, in place', () => {
  const text = '# top\nkeep: "as it is" # kept\nold: 1\nlist:\n  - a # first\n  - b\n  - c\n'
  expect(edited(text, { keep: 'as it is', list: ['a', 'x-1'], new: { b: false } })).toBe(
    '# top\nkeep: "as it is" # kept\nlist:\n  - a # first\n  - x-1\nnew:\n  b: false\n',
  )
})

it('keeps the comments of a text that says nothing yet', () => {
  expect(edited('# to do\n', { a: 'b' })).toBe('# to do\n\na: b\n')
})

it('quotes text that a dialect of YAML takes for something else', () => {
  expect(edited('', { a: 'y', b: '0o17', c: '\t', d: "it's" })).toBe(`a: 'y'\nb: '0o17'\nc: "\\t"\nd: 'it''s'\n`)
})
