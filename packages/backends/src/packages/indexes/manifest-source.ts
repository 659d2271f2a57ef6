// Where the bytes of one manifest are, whatever keeps them: S3 now, a folder as well.
import { manifestKey, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { ByteRange, Objects } from '../../objects/port.js'

/** The manifest as it is now. */
export interface ManifestFacts {
  /** Bytes. */
  readonly length: number
  /** Changes whenever the bytes do. */
  readonly etag: string
}

export interface ReadManifestBytes extends CallOptions {
  /** What the manifest must still be. */
  readonly ifMatch: string
  /** Default: all of it. */
  readonly range?: ByteRange | undefined
}

/** One manifest, reached with the rights of one caller. */
export interface ManifestSource {
  /** Where its registry is: `s3://bucket` or `file:///folder`. */
  readonly registry: string
  readonly topHash: string
  /** @throws {QuiltError} `forbidden` or `not_found` when the caller may not see it */
  info(options?: CallOptions): Promise<ManifestFacts>
  /** @throws {QuiltError} `conflict` when it is another one now */
  read(options: ReadManifestBytes): Promise<AsyncIterable<Uint8Array>>
}

/** A manifest in a bucket (formats.md 1.1). */
export function bucketManifest(
  objects: Objects,
  { bucket, topHash }: { readonly bucket: string; readonly topHash: string },
): ManifestSource {
  const location = { bucket, key: manifestKey(topHash) }
  return {
    registry: `s3://${bucket}`,
    topHash,
    async info(options) {
      const { size, etag } = await objects.info(location, options)
      if (etag !== undefined) return { length: size, etag }
      throw new QuiltError('unsupported', `${bucket} does not tell the ETag of its objects`, {
        hint: 'Read the entries one after the other instead.',
      })
    },
    read: async (options) => (await objects.read(location, options)).body,
  }
}
