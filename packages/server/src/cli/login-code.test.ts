import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { pipedCode, typedCode } from './login-code.js'

/** Types at a terminal, key by key. */
function typing(keys: string) {
  const terminal = { input: new PassThrough(), output: new PassThrough() }
  const code = typedCode('Code: ', terminal)
  for (const key of keys) terminal.input.write(key)
  return { code, shown: () => text(terminal.output.end()) }
}

it('takes what is typed, and shows none of it', async () => {
  const { code, shown } = typing('abX\u007fc-1\r')
  expect(await code).toBe('abc-1')
  expect(await shown()).toBe('Code: \n')
})

it.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s leaves without a code', async (_, key) => {
  const { code } = typing(key)
  await expect(code).rejects.toMatchObject({ code: 'invalid_input', message: 'no code was given; nothing was changed' })
})

it('takes a piped code without the line end', async () => {
  const input = new PassThrough()
  input.end('abc\r\n')
  expect(await pipedCode(input)).toBe('abc')
})
