// The WWW-Authenticate header: how a client without a good token learns how to get one.

export interface Challenge {
  readonly realm?: string | undefined
  /** Address of the metadata of the resource (RFC 9728 section 5.1). */
  readonly resourceMetadata?: string | undefined
  /** The scope that is needed. */
  readonly scope?: string | undefined
  /** Left out when the request brought no token at all (RFC 6750 section 3.1). */
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope' | undefined
  /** For developers; at most 300 characters go out. */
  readonly description?: string | undefined
}

const longestValue = 300

/**
 * The value of WWW-Authenticate for bearer tokens (RFC 6750 section 3). Values are quoted; a character that section 3 does not allow
 * in them goes out as `?`, a double quote as a single one: whatever is given, it is one line of these parameters and no others.
 */
export function challenge({ realm, resourceMetadata, scope, error, description }: Challenge): string {
  const parameters = [
    ['realm', realm],
    ['error', error],
    ['error_description', description?.slice(0, longestValue)],
    ['scope', scope],
    ['resource_metadata', resourceMetadata],
  ] as const
  const given = parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${safe(value)}"`]))
  return given.length === 0 ? 'Bearer' : `Bearer ${given.join(', ')}`
}

/** %x20-21 / %x23-5B / %x5D-7E: printable ASCII but the two that mean something inside quotes. */
const safe = (text: string): string => text.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
