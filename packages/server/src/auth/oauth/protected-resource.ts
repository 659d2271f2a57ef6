// What this server is to OAuth (RFC 9728): a resource for each of its paths, with a document that names the authorization server.

/** Paths at which MCP is served. The second is the hosted server's own. */
const hostedPath = '/mcp/platform/mcp'
const ownPath = '/mcp'
const wellKnown = '/.well-known/oauth-protected-resource'

/**
 * The identifier of the resource at a path: what a token's `aud` names. That of `/mcp/platform/mcp` is `<base>/mcp/platform`
 * (formats.md 12.3); any other path names itself.
 * @param base the public address, or the origin of a request; a port that goes without saying is dropped, a path is kept
 * @param path at which MCP is served, from its slash
 */
export function resourceOf(base: string, path: string): string {
  const { origin, pathname } = new URL(base)
  return `${origin}${pathname.replace(/\/+$/, '')}${path === hostedPath ? path.slice(0, -ownPath.length) : path}`
}

/** The resources of a server, all of them ours: audiences that an access token may name. */
export const resourcesAt = (publicUrl: string): readonly string[] =>
  [ownPath, hostedPath].map((path) => resourceOf(publicUrl, path))

/**
 * Where the metadata lie (RFC 9728 section 3.1), each with the path whose resource they describe: at the root, as clients ask who
 * know the origin only, and with the path of the resource, or of its endpoint, inserted.
 */
export const metadataPaths: readonly { readonly path: string; readonly resourcePath: string }[] = [
  { path: wellKnown, resourcePath: ownPath },
  { path: `${wellKnown}${ownPath}`, resourcePath: ownPath },
  { path: `${wellKnown}/mcp/platform`, resourcePath: hostedPath },
  { path: `${wellKnown}${hostedPath}`, resourcePath: hostedPath },
]

/** The address that a challenge names for the metadata of a resource: the well-known path comes before the resource's own. */
export function metadataUrlOf(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}${wellKnown}${pathname}`
}

export interface ProtectedResource {
  /** Its identifier, as {@link resourceOf} has it. */
  readonly resource: string
  /** The authorization server, written as it writes itself: clients compare texts (Connect: with `:443`). */
  readonly issuer: string
  readonly scope: string
}

/** The document (RFC 9728 section 2). Tokens are taken from the header and nowhere else. */
export function protectedResourceMetadata({ resource, issuer, scope }: ProtectedResource) {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: [scope],
    bearer_methods_supported: ['header'],
    resource_name: 'Quilt MCP',
  } as const
}
