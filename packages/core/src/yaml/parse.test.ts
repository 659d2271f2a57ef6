import { expect, it } from 'vitest'
import { toPlain } from '../json/plain.js'
import { parseYaml } from './parse.js'

const parse = (text: string) => toPlain(parseYaml(text, 'the config'))

it('reads booleans as PyYAML does', () => {
  expect(parse('[yes, No, on, OFF, true, False, y, n, "yes", yES]')).toEqual([
    ...[true, false, true, false, true, false],
    ...['y', 'n', 'yes', 'yES'],
  ])
})

it('reads numbers with exponents as PyYAML does', () => {
  expect(parse('[1e3, 1.5e3, 1.5e+3, .5E-1, -.5E-1, 1_0]')).toEqual(['1e3', '1.5e3', 1500, 0.05, '-.5E-1', 10])
})

it('reads what YAML 1.1 knows: merge keys, octal numbers, the last of two equal keys', () => {
  expect(parse('a: &a {x: 1}\nb: {<<: *a, y: 010}\nb2: 1\nb2: 2')).toEqual({ a: { x: 1 }, b: { x: 1, y: 8 }, b2: 2 })
})

it.each([
  ['a: [1', /^the config is not YAML: .*\(line 1, column \d+\)$/],
  ['when: 2024-01-31', /\/when is not text/],
  ['yes: 1', /the key true in it is not text/],
  ['a: &a [*a]', /./],
  ['['.repeat(10_000), /./],
  [`a: &a [x]\nb: &b [${'*a,'.repeat(200)}]\nc: [${'*b,'.repeat(200)}]`, /too often/],
])('refuses %.20s', (text, message) =>
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
  ))
