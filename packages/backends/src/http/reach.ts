// How far requests may go: anywhere, as for a user on their own machine, or only where a URL from outside can do no harm.
import { QuiltError } from '@quilt-mcp/core'
import { checkPublicHost } from './public-address.js'

/** Where the requests of one HTTP client may go.
 *
 * `public`: by https to addresses on the internet, judged when a connection is made (`publicLookup`), and to the origins that the operator
 * names (scheme, host and port exactly), which may be loopback, private and plain http. A place on the internet cannot redirect to those.
 *
 * Behind a proxy of the environment it is the proxy that looks names up, so there only hosts that are addresses, or names of this machine
 * and network (`localhost`, `.internal`, no dot), are refused here: that other names do not lead inwards is up to the proxy's own rules.
 * Hosts that `NO_PROXY` excepts are looked up here and judged as without a proxy. */
export type Reach = { readonly kind: 'anywhere' } | { readonly kind: 'public'; readonly alsoOrigins: readonly string[] }

/** What may be connected to for one request: whatever the name resolves to, or addresses on the internet alone. */
export type Passage = 'any-address' | 'public-address'

/** Lets a request pass.
 * @param url where it goes
 * @param from the place that redirected there
 * @throws {QuiltError} `forbidden`, with `details.reason` `private-address` or `plain-http` */
export type Gate = (url: URL, from?: URL) => Passage

/** @throws {QuiltError} `invalid_input` when one of the origins is none */
export function gateOf(reach: Reach): Gate {
  if (reach.kind === 'anywhere') return () => 'any-address'
  const named: ReadonlySet<string> = new Set(reach.alsoOrigins.map(originOf))
  return (url, from) => {
    if (named.has(url.origin) && (from === undefined || named.has(from.origin))) return 'any-address'
    checkPublicHost(url)
    if (url.protocol !== 'https:') throw plainHttp(url)
    return 'public-address'
  }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
  throw new QuiltError('invalid_input', 'An address that may be reached is not an origin', {
    hint: 'Name scheme, host and port, and nothing else: http://127.0.0.1:9000',
  })
}

function plainHttp({ host }: URL): QuiltError {
  return new QuiltError('forbidden', `${host} is not asked without encryption`, {
    hint: 'Name its https address. The operator of this server may allow plain http, by the exact origin.',
    details: { host, reason: 'plain-http' },
  })
}
