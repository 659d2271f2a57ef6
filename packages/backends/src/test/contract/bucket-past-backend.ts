// A bucket of the embedded stack as another program sees it: over S3, with credentials of its own.
import { S3 } from '@aws-sdk/client-s3'
import { issuedKeys } from '../issued-keys.js'
import type { World } from '../world.js'
import type { ContractWorld } from './contract-world.js'

/** @param user one who may write the bucket */
export async function bucketPastBackend(
  world: World,
  { bucket, user }: { readonly bucket: string; readonly user: string },
): Promise<Pick<ContractWorld, 'plant' | 'unplant' | 'stored' | 'names'>> {
  const s3 = new S3({
    endpoint: world.stack.s3Endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: await issuedKeys(world, user),
  })
  return {
    async plant(key, text) {
      await s3.putObject({ Bucket: bucket, Key: key, Body: text })
    },
    async unplant(key) {
      await s3.deleteObject({ Bucket: bucket, Key: key })
    },
    async stored(key) {
      try {
        return await (await s3.getObject({ Bucket: bucket, Key: key })).Body?.transformToString()
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        throw error
      }
    },
    async names(prefix) {
      const found: string[] = []
      let token: string | undefined
      do {
        const page = await s3.listObjectsV2({
          Bucket: bucket,
          Prefix: prefix,
          Delimiter: '/',
          ...(token === undefined ? {} : { ContinuationToken: token }),
        })
        found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(prefix.length)))
        token = page.NextContinuationToken
      } while (token !== undefined)
      return found.sort()
    },
  }
}
