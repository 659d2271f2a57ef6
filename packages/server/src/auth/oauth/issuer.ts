// What an authorization server is called, and where it says what it is.

/**
 * Whether two names of issuers are one. RFC 8414 section 3.3 and RFC 9068 section 4 compare them as text, and so do we, but for
 * two ways of writing that mean the same: the port 443 of an https address (Quilt's Connect writes it, formats.md 12.3), and the
 * slash at the end, which our settings drop.
 */
export function sameIssuer(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

const plain = (issuer: string): string => issuer.replace(/^(https:\/\/[^/?#@]+):443(?=\/|$)/, '$1').replace(/\/$/, '')

/** Where an issuer's metadata may lie, the likeliest first: RFC 8414 section 3, then OpenID Connect Discovery section 4, each with the
 * path of the issuer inserted and appended. */
export function metadataUrls(issuer: string): readonly URL[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const paths = documents.flatMap((document) => [`/.well-known/${document}${path}`, `${path}/.well-known/${document}`])
  return [...new Set(paths)].map((place) => new URL(place, origin))
}

const documents = ['oauth-authorization-server', 'openid-configuration'] as const
