// Takes the code of the login page: typed without being shown, or from stdin.
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { QuiltError } from '@quilt-mcp/core'

/** Where the person sits. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/** Asks for the code. What is typed is not shown.
 * @throws {QuiltError} `invalid_input` when the person leaves (Ctrl-C, Ctrl-D) */
export async function typedCode(question: string, { input, output }: Terminal): Promise<string> {
  output.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once('line', resolve)
      terminal.once('SIGINT', () => terminal.close())
      terminal.once('close', () => reject(nothingGiven()))
    })
  } finally {
    terminal.close()
    output.write('\n')
  }
}

/** All of stdin, as one code. */
export const pipedCode = async (input: Readable): Promise<string> => (await text(input)).trim()

const nothingGiven = (): QuiltError =>
  new QuiltError('invalid_input', 'no code was given; nothing was changed', { hint: 'Run quilt-mcp login again.' })
