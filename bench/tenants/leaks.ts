// What must not be in a log of any process, and tokens that went where they do not belong.
import { type Canary, leaksIn } from '../../e2e/canaries.js'
import { markersIn } from './markers.js'
import type { Tenant } from './tenants.js'
import type { Upstream } from './upstream.js'
import type { StressWorld } from './world.js'

/** Watches what registries are sent. A platform token is for the server alone, and the catalog token in it for its own registry;
 * a client that sends an API key or a session with another catalog's name asks for just that.
 * @returns what was found so far */
export function watchTokens(tenants: readonly Tenant[], upstream: Upstream): () => readonly string[] {
  const found = new Set<string>()
  const platform = tenants.filter(({ token, registryToken }) => token !== registryToken)
  const own = new Set(platform.map(({ token }) => token))
  const homes = new Map(platform.map(({ registryToken, stack }) => [registryToken, stack]))
  upstream.onToken((token, registry) => {
    if (own.has(token)) found.add(`a platform token was sent to the registry of the ${registry} stack`)
    const home = homes.get(token)
    if (home !== undefined && home !== registry)
      found.add(`a token of the ${home} stack was sent to the ${registry} stack`)
  })
  return () => [...found]
}

/** Markers, tokens, keys and secrets in what all processes wrote to their logs. Where, not what: this is printed. */
export function leaksInLogs({ tenants, desktops, server, upstream, jwtSecret, defects }: StressWorld): {
  readonly lines: number
  readonly leaks: readonly string[]
} {
  const people = [...tenants, ...desktops.map(({ tenant }) => tenant)]
  const secrets: readonly Canary[] = [
    { kind: 'JWT secret', value: jwtSecret },
    ...people.map(({ token }): Canary => ({ kind: 'token', value: token })),
    ...people.map(({ registryToken }): Canary => ({ kind: 'token', value: registryToken })),
    ...upstream.traffic().secrets.map((value): Canary => ({ kind: 'AWS secret key', value })),
  ]
  const logs = [
    { of: 'serve', log: server.log() },
    ...desktops.map(({ client }, index) => ({ of: `stdio server ${index + 1}`, log: client.log() })),
    { of: 'the stacks', log: defects.map(String).join('\n') },
  ]
  return {
    lines: logs.reduce((sum, { log }) => sum + log.split('\n').length - 1, 0),
    leaks: logs.flatMap(({ of, log }) => [
      ...leaksIn(log, secrets).map(({ what, line }) => `${what} in the log of ${of}, line ${line}`),
      ...log
        .split('\n')
        .flatMap((line, index) =>
          markersIn(line).map(({ tenant }) => `a marker of tenant ${tenant} in the log of ${of}, line ${index + 1}`),
        ),
    ]),
  }
}
