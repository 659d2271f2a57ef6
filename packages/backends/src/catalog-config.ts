import { createHttpClient, type HttpClient } from './http/client.js'
import { stackAddress } from './registry-api/address.js'

/** Finds the registry of a catalog from its `config.json` (formats.md 6.1).
 * @throws {QuiltError} `invalid_input` for a malformed URL; `upstream` when it is no catalog or names no registry */
export async function readCatalogConfig({
  catalogUrl,
  http,
}: {
  readonly catalogUrl: string
  readonly http?: HttpClient | undefined
}): Promise<{ readonly registryUrl: string }> {
  const client = http ?? createHttpClient()
  try {
    return { registryUrl: await stackAddress({ catalogUrl }, { http: client }).registryUrl() }
  } finally {
    if (http === undefined) await client.close()
  }
}
