import { expect, it } from 'vitest'
import { quiltIgnore } from './quiltignore.js'

it.each([
  ['*.tmp', '/home/ada/study/raw/a.tmp', true],
  ['*.tmp', '/home/ada/study/a.tmp.gz', false],
  ['raw', '/home/ada/study/raw', true],
  ['raw', '/home/ada/study/raw/a', false],
  ['raw*', '/home/ada/study/raw/a', true],
  ['raw/?.csv', '/home/ada/study/deep/raw/a.csv', true],
  ['[ab].csv', '/home/ada/study/b.csv', true],
  ['[!ab].csv', '/home/ada/study/b.csv', false],
  ['run[0-9]', '/home/ada/study/run7', true],
  ['run[0-9]', '/home/ada/study/runx', false],
  ['[]x]', '/home/ada/study/]', true],
  ['[x', '/home/ada/study/[x', true],
  ['a\r\nb\r\n', '/home/ada/study/a', true],
  // Neither is understood: they are names like any other.
  ['# notes', '/home/ada/study/notes', false],
  ['*\n!keep.txt', '/home/ada/study/keep.txt', true],
  ['', '/home/ada/study/a', false],
])('a .quiltignore of %j leaves out %s: %s', (text, path, isOut) => {
  expect(quiltIgnore(text)(path)).toBe(isOut)
})
