// The registries of the stacks that are served: found from their catalogs, and asked whose a token is.

import type { StackUrls } from '@quilt-mcp/backends'
import { checkToken, type HttpClient, readCatalogConfig } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { RegistryUser } from '../auth/registry-verifier.js'

export interface Registries {
  /** Whose token it is, at the registry of a stack. Undefined: it knows no such token.
   * @throws {QuiltError} when the registry, or the catalog that names it, does not answer */
  check(token: string, stack: StackUrls): Promise<RegistryUser | undefined>
  /** Resolves when the registry of a stack answers, whatever it says; at once for a stack without address.
   * @throws {QuiltError} when it does not, or answers as a server that fails */
  reach(stack: StackUrls, signal: AbortSignal): Promise<void>
}

const mostStacks = 1_000
/** A catalog may name another registry after it was redeployed. */
const keptMs = 3_600_000

/** @param http which goes to places on the internet, or that the operator named, alone */
export function createRegistries(http: HttpClient): Registries {
  const found = new LRUCache<string, Promise<string>>({ max: mostStacks, ttl: keptMs })
  const urlOf = ({ registryUrl, catalogUrl }: StackUrls): Promise<string> => {
    if (registryUrl !== undefined) return Promise.resolve(registryUrl)
    if (catalogUrl === undefined) throw new QuiltError('internal', 'a stack without an address')
    const known = found.get(catalogUrl)
    if (known) return known
    const asked = readCatalogConfig({ catalogUrl, http }).then((config) => config.registryUrl)
    found.set(catalogUrl, asked)
    asked.catch(() => {
      if (found.peek(catalogUrl) === asked) found.delete(catalogUrl)
    })
    return asked
  }
  return {
    check: async (token, stack) => checkToken({ registryUrl: await urlOf(stack), token, http }),
    async reach(stack, signal) {
      if (stack.registryUrl === undefined && stack.catalogUrl === undefined) return
      const answer = await http.send({
        method: 'GET',
        url: new URL(`${await urlOf(stack)}/`),
        kind: 'quick',
        // Asked again soon: a repetition would only take the time that is given.
        idempotent: false,
        signal,
        peer: 'the registry',
      })
      await answer.discard()
      if (answer.status < 500) return
      throw new QuiltError('upstream', `the registry answers ${answer.status}`, {
        hint: 'See whether the registry is up.',
      })
    },
  }
}
