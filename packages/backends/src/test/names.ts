// Names as a resolver would answer for them: a test cannot own a name of the internet.
import type { LookupAll } from '../http/public-address.js'

export interface TestNames {
  readonly lookup: LookupAll
  /** Names that were looked up, in order. */
  readonly asked: readonly string[]
}

/** @param addresses by name; the n-th look-up gives the n-th list, the last one for all that follow */
export function namesOf(addresses: Readonly<Record<string, readonly (readonly string[])[]>>): TestNames {
  const asked: string[] = []
  return {
    asked,
    lookup(hostname, _options, callback) {
      const answers = addresses[hostname] ?? []
      const turn = asked.filter((name) => name === hostname).length
      asked.push(hostname)
      const found = answers[Math.min(turn, answers.length - 1)] ?? []
      process.nextTick(() =>
        callback(
          null,
          found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      )
    },
  }
}
