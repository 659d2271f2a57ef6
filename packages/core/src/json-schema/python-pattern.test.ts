import { expect, it } from 'vitest'
import { pythonPattern } from './python-pattern.js'

// Each line was asked of Python 3.11: bool(re.search(pattern, text)).
it.each([
  ['^instruments/(production|staging)$', 'instruments/staging', true],
  ['^instruments/(production|staging)$', 'my-instruments/staging', false],
  ['staging', 'instruments/staging-2', true],
  ['^a$', 'a\n', true],
  ['^a$', 'a\n\n', false],
  ['\\Aa\\Z', 'a\n', false],
  ['^\\w+/\\w+$', 'größe/данные', true],
  ['^[\\w-]+$', 'größe-1', true],
  ['^[^\\W]+$', 'größe', true],
  ['^[\\W]+$', '-/-', true],
  ['^\\d+$', '١٢', true],
  ['^.$', '\u2028', true],
  ['^.$', '\n', false],
  ['(?s)^.$', '\n', true],
  ['(?i)^ABC$', 'aBc', true],
  ['(?m)^b$', 'a\nb\nc', true],
  ['^(?P<x>a+)-(?P=x)$', 'aa-aa', true],
  ['^(a+)-\\1$', 'aa-a', false],
  ['^a{,2}$', 'aa', true],
  ['^a{x}$', 'a{x}', true],
  ['^{}]$', '{}]', true],
  ['^[]a]+$', ']a', true],
  ['^[^]a]+$', ']', false],
  ['^[a\\-z]+$', 'a-z', true],
  ['^[a-]+$', 'a-', true],
  ['^[&&||]+$', '&|', true],
  ['^\\-\\_\\@\\/\\ $', '-_@/ ', true],
  ['^😀{2}$', '😀😀', true],
  ['\\bcell\\b', 'a cell.', true],
  ['\\bcell\\b', 'ücell', false],
  ['a(?#said)b', 'ab', true],
  ['^\\x41\\u0042\\103$', 'ABC', true],
  ['\\s', '\ufeff', false],
  ['\\s', '\x1c', true],
])('%s in %j: %s', (pattern, text, found) => expect(pythonPattern(pattern).test(text)).toBe(found))

it.each([
  '(?<name>a)',
  '(?>a)',
  '(a',
  '[a',
  '\\p',
  'a**',
  '(?x)a',
  '\\',
  '(?i:a)',
  '[\\Z]',
])('refuses %s, as Python does or as JavaScript must', (pattern) =>
  expect(() => pythonPattern(pattern)).toThrow(
    expect.objectContaining({ code: 'invalid_input', details: { pattern } }),
  ))
