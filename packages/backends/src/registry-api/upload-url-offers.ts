// Which registries offer upload forms: each is asked once. What is kept names registries and nobody.
import { QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import { waitFor } from '../once.js'
import type { RegistryGraphql } from './graphql.js'
import { uploadUrlOfferQuery } from './operations/upload-url-offer.js'

/** Shared by the backends of a process. */
export interface UploadUrlOffers {
  /** @param registry its URL. @throws {QuiltError} when it does not answer */
  offers(registry: string, graphql: RegistryGraphql, signal?: AbortSignal): Promise<boolean>
}

const registriesKept = 1_000

/** Makes it, with nothing known yet. */
export function createUploadUrlOffers(): UploadUrlOffers {
  const known = new LRUCache<string, Promise<boolean>>({ max: registriesKept })
  return {
    offers(registry, graphql, signal) {
      const asked = known.get(registry) ?? ask(graphql)
      known.set(registry, asked)
      // A failure is nobody's answer: the next one asks again.
      asked.catch(() => {
        if (known.get(registry) === asked) known.delete(registry)
      })
      return waitFor(asked, signal)
    },
  }
}

async function ask(graphql: RegistryGraphql): Promise<boolean> {
  try {
    const { __type: mutations } = await graphql.run(uploadUrlOfferQuery, {})
    const found = mutations?.fields?.find(({ name }) => name === 'generateUploadUrl')
    if (found === undefined) return false
    const result = found.type.fields ?? found.type.ofType?.fields ?? []
    return hasAll(found.args, ['bucket', 'key', 'contentType']) && hasAll(result, ['uploadUrl', 'fields', 'expires'])
  } catch (error) {
    // It refuses to tell its schema: then it offers nothing.
    if (error instanceof QuiltError && error.details?.errors !== undefined) return false
    throw error
  }
}

const hasAll = (found: readonly { readonly name: string }[], wanted: readonly string[]): boolean =>
  wanted.every((name) => found.some((one) => one.name === name))
