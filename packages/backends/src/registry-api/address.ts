// Finds the parts of a stack from the one URL that was configured: registry from catalog, or catalog from registry.
import { QuiltError } from '@quilt-mcp/core'
import type { HttpClient } from '../http/client.js'
import { once } from '../once.js'
import { type CatalogConfig, fetchCatalogConfig } from './rest.js'

/** Where a stack is. Looked up at the first use and kept; a failure is tried again. */
export interface StackAddress {
  /** Without trailing slash. */
  registryUrl(signal?: AbortSignal): Promise<string>
  /** Origin of the web catalog and what its `config.json` says. Undefined when no catalog is known or it cannot be read. */
  catalog(signal?: AbortSignal): Promise<{ readonly url: string; readonly config: CatalogConfig } | undefined>
}

/** A stack by its addresses: at least one of them; the other is found from it. */
export interface StackUrls {
  readonly registryUrl?: string | undefined
  readonly catalogUrl?: string | undefined
}

/** What a stack is called where something is kept for its tokens: credentials are kept, and dropped, under this name. */
export const stackKey = ({ registryUrl, catalogUrl }: StackUrls): string => registryUrl ?? catalogUrl ?? ''

/** Checks a configured URL and takes trailing slashes off.
 * @throws {QuiltError} `invalid_input` when it is not an http(s) URL, or holds a user name, a query or a fragment */
function checkStackUrl(text: string, setting: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.search === '' &&
    url.hash === ''
  ) {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  }
  throw new QuiltError('invalid_input', `${setting} is not the URL of a Quilt stack`, {
    hint: `Set ${setting} to an address like https://catalog.example.com, without query or user name.`,
  })
}

/** Makes the address of a stack; nothing is fetched yet.
 * @throws {QuiltError} `invalid_input` when a URL is malformed or none is given */
export function stackAddress(
  { registryUrl, catalogUrl }: StackUrls,
  { http }: { readonly http: HttpClient },
): StackAddress {
  const registry = registryUrl === undefined ? undefined : checkStackUrl(registryUrl, 'the registry URL')
  const catalog = catalogUrl === undefined ? undefined : checkStackUrl(catalogUrl, 'the catalog URL')
  const candidate = catalog ?? registry
  if (candidate === undefined) {
    throw new QuiltError('invalid_input', 'Neither a catalog URL nor a registry URL is given', {
      hint: 'Set QUILT_CATALOG_URL or QUILT_REGISTRY_URL.',
    })
  }
  const config = once(() => fetchCatalogConfig(candidate, { http }))
  return {
    async registryUrl(signal) {
      if (registry !== undefined) return registry
      const found = (await config(signal)).registryUrl
      if (found !== undefined) return new URL(found, `${candidate}/`).href.replace(/\/+$/, '')
      throw new QuiltError('upstream', `The catalog at ${candidate} does not say where its registry is`, {
        hint: 'Check QUILT_CATALOG_URL, or set QUILT_REGISTRY_URL.',
        retryable: false,
      })
    },
    async catalog(signal) {
      const read = await config(signal).catch((error: unknown) => {
        // Region, version and proxy are useful, not needed: without them the defaults serve.
        if (error instanceof QuiltError) return undefined
        throw error
      })
      if (read === undefined) return catalog === undefined ? undefined : { url: catalog, config: {} }
      // A registry that serves config.json and names itself in it is the catalog's origin, too: the embedded stack.
      if (catalog === undefined && read.registryUrl !== registry) return undefined
      return { url: candidate, config: read }
    },
  }
}
