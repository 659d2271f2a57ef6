// Who tries many tokens from one address is told to wait, before the registry is asked again.
import { BlockList, isIPv6 } from 'node:net'
import { createRates } from './rates.js'
import { type Refusal, tooMuch } from './refusal.js'

export interface FailedAuthenticationsRule {
  /** Tokens of one public address that may be refused in a minute. */
  readonly perMinute?: number
  /** Milliseconds, not falling. */
  now(): number
}

export interface FailedAuthentications {
  /** Before the registry is asked about a token that is not known to be good: 429 when too many from this address were bad.
   * @param address of the socket's peer */
  check(address: string | undefined): Refusal | undefined
  /** A token was refused. Not for a request without one: clients begin so, to learn where to sign in. */
  failed(address: string | undefined): void
}

const mostAddresses = 10_000

/**
 * The address is the socket's peer: `X-Forwarded-For` is written by whoever likes to. Behind a load balancer the peer is the balancer,
 * for everybody: one guesser would shut out all who sign in. So private and loopback peers, where balancers and side-cars are, are
 * not limited here; there the bound on questions to the registry holds, and limits by address belong to the balancer. An IPv6 peer
 * counts by its /64, which is what one customer has. Default: 60 a minute.
 */
export function failedAuthentications({ perMinute = 60, now }: FailedAuthenticationsRule): FailedAuthentications {
  const rates = createRates({ perMinute, burst: perMinute, most: mostAddresses, now })
  return {
    check(address) {
      const network = limitedNetwork(address)
      const wait = network === undefined ? 0 : rates.waitMs(network)
      return wait > 0 ? tooMuch(429, 'too many tokens from this address were refused', wait) : undefined
    },
    failed(address) {
      const network = limitedNetwork(address)
      if (network !== undefined) rates.take(network)
    },
  }
}

const unlimited = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  unlimited.addSubnet(network, prefix, 'ipv4')
}
unlimited.addAddress('::1', 'ipv6')
unlimited.addSubnet('fc00::', 7, 'ipv6')
unlimited.addSubnet('fe80::', 10, 'ipv6')

/** The key of a public peer; undefined of one that is not limited, or already gone. */
function limitedNetwork(peer: string | undefined): string | undefined {
  if (peer === undefined) return undefined
  // A socket that listens on IPv6 shows an IPv4 peer as ::ffff:192.0.2.1.
  const address = peer.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(address)) return unlimited.check(address, 'ipv4') ? undefined : address
  return unlimited.check(address, 'ipv6') ? undefined : network64(address)
}

/** The first four groups of an IPv6 address. */
function network64(address: string): string {
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}
