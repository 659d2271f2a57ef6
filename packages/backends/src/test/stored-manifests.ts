// Manifests in the memory of a test, that change when they are told to, and count what is read of them.
import { QuiltError } from '@quilt-mcp/core'
import type { ByteRange } from '../objects/port.js'
import type { ManifestSource } from '../packages/indexes/manifest-source.js'

export const topHash = 'f'.repeat(64)
const hash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }

/** An entry line as quilt3 writes it; the physical key tells the logical one and the version. */
export function entryLine(key: string, versionId = '1'): string {
  const name = encodeURIComponent(key)
  return `{"logical_key": "${key}", "physical_keys": ["s3://lab/${name}?versionId=${versionId}"], "size": 5, "hash": {"type": "${hash.type}", "value": "${hash.value}"}, "meta": {}}`
}

/** A manifest with these entries, in this order. */
export function manifestText(keys: readonly string[], versionId = '1'): string {
  return `${['{"version": "v0", "message": "m"}', ...keys.map((key) => entryLine(key, versionId))].join('\n')}\n`
}

/** A store of one manifest. */
export interface ManifestStore {
  readonly source: ManifestSource
  /** What was asked for since it was last looked at: `info`, `all`, or ranges. */
  asked(): readonly ('info' | 'all' | ByteRange)[]
  /** Another manifest takes its place. @param etag default: a new one */
  rewrite(text: string, etag?: string): void
}

export function manifestStore(text: string): ManifestStore {
  let bytes = Buffer.from(text)
  let etag = 'e1'
  let asked: ('info' | 'all' | ByteRange)[] = []
  return {
    source: {
      registry: 's3://lab',
      topHash,
      async info() {
        asked.push('info')
        return { length: bytes.length, etag }
      },
      async read({ range, ifMatch }) {
        asked.push(range ?? 'all')
        if (ifMatch !== etag) throw new QuiltError('conflict', 'it has changed', { retryable: true })
        const part = range === undefined ? bytes : bytes.subarray(range.first, (range.last ?? bytes.length) + 1)
        return inPieces(part)
      },
    },
    asked() {
      const before = asked
      asked = []
      return before
    },
    rewrite(newText, newEtag = `${etag}+`) {
      bytes = Buffer.from(newText)
      etag = newEtag
    },
  }
}

async function* inPieces(bytes: Uint8Array) {
  for (let from = 0; from < bytes.length; from += 1_000) yield bytes.subarray(from, from + 1_000)
}
