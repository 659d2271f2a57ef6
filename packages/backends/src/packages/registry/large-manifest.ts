// Whether a revision is read by the index of its manifest, or through the registry.
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { CredentialSource } from '../../credentials/exchange.js'
import type { Objects } from '../../objects/port.js'
import type { IndexCache } from '../indexes/index-cache.js'
import { bucketManifest } from '../indexes/manifest-source.js'
import { type StoredManifest, storedManifest } from '../indexes/stored-manifest.js'
import type { Revision } from '../port.js'

export interface LargeManifestDeps {
  readonly objects: Objects
  readonly credentials: CredentialSource
  /** Shared by all backends of a process. */
  readonly indexes: IndexCache
}

/** The manifest of one revision, or undefined where the registry has to be asked instead. */
export type LargeManifest = (options: CallOptions) => Promise<StoredManifest | undefined>

/** For a revision too large for the registry's flat map. Looks at the manifest when it is first asked for: who may not read
 * it is served by the registry, and so is a manifest that cannot be indexed or has another count of entries. */
export function largeManifest(
  { objects, credentials, indexes }: LargeManifestDeps,
  { bucket, topHash, totalEntries }: Revision,
): LargeManifest {
  const manifest = storedManifest(bucketManifest(objects, { bucket, topHash }), indexes)
  let usable: boolean | undefined
  const isUsable = async (options: CallOptions): Promise<boolean> => {
    if (!(await credentials.available(options.signal))) return false
    try {
      const { entries } = await manifest.summary(options)
      return totalEntries === undefined || entries === totalEntries
    } catch (error) {
      if (error instanceof QuiltError && leftToTheRegistry.has(error.code)) return false
      throw error
    }
  }
  return async (options) => {
    usable ??= await isUsable(options)
    return usable ? manifest : undefined
  }
}

/** What the registry may still be able to show. */
const leftToTheRegistry: ReadonlySet<string> = new Set(['forbidden', 'not_found', 'unsupported'])
