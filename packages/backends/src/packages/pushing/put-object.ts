// Uploads of a push into a bucket.
import type { Objects } from '../../objects/port.js'
import { storedUrl } from '../manifests/stored-text.js'
import type { PutContent } from './complete.js'

/** Puts content below a folder (with its slash) of a bucket. @param url of the bucket */
export function putInBucket(
  objects: Pick<Objects, 'put'>,
  { bucket, folder, url }: { readonly bucket: string; readonly folder: string; readonly url: string },
): PutContent {
  return async (logicalKey, content, options) => {
    const key = `${folder}${logicalKey}`
    const { size, hash, versionId } = await objects.put({ bucket, key }, content, options)
    return { physicalKey: storedUrl({ url }, key, versionId), size, hash }
  }
}
