// Which addresses are on the internet, and which are this machine's, a neighbour's or a cloud's own (RFC 6890, RFC 4291). A URL that came
// from outside may lead only to the first kind.
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { QuiltError } from '@quilt-mcp/core'

type Network = readonly [address: string, prefix: number]

const specialIpv4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // also where clouds answer with credentials
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** Of IPv6 only the global unicast block is public; within it these are not, or hide an IPv4 address. */
const specialIpv6: readonly Network[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

// One list a family: a list takes IPv4 addresses for IPv6 ones below ::ffff:0:0.
const [blockedIpv4, blockedIpv6] = [blockList('ipv4', specialIpv4), blockList('ipv6', specialIpv6)]

function blockList(family: 'ipv4' | 'ipv6', networks: readonly Network[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, family)
  return list
}

/** Whether an IP address, without brackets, is on the public internet. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  return family === 4 ? !blockedIpv4.check(address, 'ipv4') : !blockedIpv6.check(address, 'ipv6')
}

/** Names that mean this machine or its own network, whoever looks them up (RFC 6761, 6762, 8375), or that only a search list completes. */
const ownNetwork = /^[^.]*$|(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/

/** Judges a URL by its text: decimal, octal and hexadecimal addresses have been made usual ones by `URL`. Any other name is judged when it
 * is looked up.
 * @throws {QuiltError} `forbidden` when the host is an address that is not public, or a name of this machine or network */
export function checkPublicHost({ hostname }: URL): void {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) === 0 ? ownNetwork.test(host) : !isPublicAddress(host)) throw notPublic(hostname)
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/** As sockets ask for addresses. */
type Lookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => void

/** Looks up all addresses of a name, as `dns.lookup` does. */
export type LookupAll = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/** A lookup that fails when any address of the name is not public: the connection goes to an address that was checked, so a name that
 * changes between check and use gains nothing.
 * @param lookup asked for all addresses of the name. Default: `dns.lookup` */
export function publicLookup(lookup: LookupAll = systemLookup): Lookup {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
        return callback(notPublic(hostname), [])
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
}

function notPublic(host: string): QuiltError {
  return new QuiltError('forbidden', `${host} is not an address on the internet`, {
    hint: 'Name the public address of the catalog or registry. The operator of this server may allow a private one, by its exact origin.',
    details: { host, reason: 'private-address' },
  })
}
