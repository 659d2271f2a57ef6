// Which Quilt stack a request belongs to: the configured one, or one that its verified token names, when its host is allowed.
import type { StackUrls } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { AllowList } from './allow-list.js'

export interface Stacks {
  /** The stack that a verified token belongs to.
   * @param claimed what the token names @param wished `X-Quilt-Catalog-URL` of the request
   * @throws {QuiltError} `forbidden` when a host is not allowed, token and request disagree, or none is named and none configured */
  ofToken(claimed: StackUrls, wished: string | undefined): StackUrls
  /** The stack whose registry is asked about a token that says nothing itself.
   * @throws {QuiltError} `forbidden` as {@link ofToken} */
  ofRequest(wished: string | undefined): StackUrls
}

/** @param configured the operator's own stack, if there is one */
export function createStacks(configured: StackUrls, allowed: AllowList): Stacks {
  const home = configured.catalogUrl === undefined && configured.registryUrl === undefined ? undefined : configured
  const isHome = (named: StackUrls): boolean =>
    home !== undefined &&
    sameOrUnnamed(named.catalogUrl, home.catalogUrl) &&
    sameOrUnnamed(named.registryUrl, home.registryUrl)

  const named = (urls: StackUrls): StackUrls => {
    if (home !== undefined && isHome(urls)) return home
    for (const url of [urls.catalogUrl, urls.registryUrl]) {
      if (url !== undefined && !allowed.allows(url)) throw notAllowed(url)
    }
    return { catalogUrl: originOf(urls.catalogUrl), registryUrl: originOf(urls.registryUrl) }
  }
  const homeStack = (): StackUrls => {
    if (home !== undefined) return home
    throw new QuiltError('forbidden', 'the request names no catalog, and this server has none of its own', {
      hint: 'Send X-Quilt-Catalog-URL with the address of your catalog, or a token that names it.',
      details: { reason: 'no-catalog' },
    })
  }
  return {
    ofToken(claimed, wished) {
      const isClaimed = claimed.catalogUrl !== undefined || claimed.registryUrl !== undefined
      const stack = isClaimed ? named(claimed) : homeStack()
      if (wished !== undefined && !isSame(wished, stack.catalogUrl)) throw otherCatalog(wished)
      return stack
    },
    ofRequest: (wished) => (wished === undefined ? homeStack() : named({ catalogUrl: wished })),
  }
}

const originOf = (url: string | undefined): string | undefined =>
  url === undefined || !URL.canParse(url) ? undefined : new URL(url).origin

const isSame = (one: string, other: string | undefined): boolean =>
  other !== undefined && originOf(one) === originOf(other)

const sameOrUnnamed = (one: string | undefined, configured: string | undefined): boolean =>
  one === undefined || isSame(one, configured)

function notAllowed(url: string): QuiltError {
  return new QuiltError('forbidden', `this server does not serve the catalog at ${hostOf(url)}`, {
    hint: 'The operator of this server lists the catalogs it serves in --allowed-catalogs (QUILT_MCP_ALLOWED_CATALOGS).',
    details: { reason: 'catalog-not-allowed' },
  })
}

function otherCatalog(url: string): QuiltError {
  return new QuiltError('forbidden', `your token belongs to another catalog than ${hostOf(url)}`, {
    hint: 'Sign in to that catalog and send its token, or leave X-Quilt-Catalog-URL out.',
    details: { reason: 'other-catalog' },
  })
}

/** For messages: the host alone, and nothing that is no host. */
const hostOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).host.slice(0, 253) : 'an address that is no URL'
