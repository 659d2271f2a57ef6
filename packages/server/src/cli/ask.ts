// Asks the person at the terminal before something is removed or replaced.
import { createInterface } from 'node:readline/promises'
import { forTerminal } from './terminal.js'

/** Whether the person agreed; undefined when nobody can be asked. */
export type Asker = (question: string) => Promise<boolean | undefined>

/** Asks on the terminal. @param options `yes`: agree to everything without asking */
export function asker({ yes }: { readonly yes: boolean }): Asker {
  return async (question) => {
    if (yes) return true
    if (!process.stdin.isTTY) {
      process.stderr.write(
        `Nobody can be asked here. Repeat the command with --yes when you agree: ${forTerminal(question)}\n`,
      )
      return undefined
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return /^y(es)?$/i.test((await terminal.question(`${forTerminal(question)} [y/N] `)).trim())
    } finally {
      terminal.close()
    }
  }
}
