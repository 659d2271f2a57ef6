// DeleteObject and DeleteObjects: without a version id a delete marker is written, with one the version goes for good.
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { StoreError } from '../store/object-store.js'
import { readText } from './body.js'
import { type BucketCall, emptyAnswer, type ObjectCall, xmlAnswer } from './call.js'
import { malformedXml, parseXml, type XmlContent } from './xml.js'

const mostObjects = 1000

const deleteRequest = z.object({
  Delete: z.object({
    Quiet: z.string().optional(),
    Object: z
      .array(z.object({ Key: z.string().min(1), VersionId: z.string().optional() }))
      .min(1)
      .max(mostObjects),
  }),
})

export function deleteObject({ store, bucket, key, query }: ObjectCall): Response {
  const { versionId, deleteMarker } = store.remove(bucket, key, query('versionId'))
  return emptyAnswer(204, { 'x-amz-version-id': versionId, ...(deleteMarker && { 'x-amz-delete-marker': 'true' }) })
}

export async function deleteObjects(call: BucketCall): Promise<Response> {
  const parsed = deleteRequest.safeParse(parseXml(await readText(call.body())))
  if (!parsed.success) throw malformedXml(parsed.error)
  const { Quiet, Object: objects } = parsed.data.Delete
  const deleted: XmlContent[] = []
  const errors: XmlContent[] = []
  for (const { Key, VersionId } of objects) {
    await setImmediate() // each removal is synced to disk: others get their turn in between
    try {
      const { versionId, deleteMarker } = call.store.remove(call.bucket, Key, VersionId)
      deleted.push({
        Key,
        VersionId,
        ...(deleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }),
      })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      errors.push({ Key, VersionId, Code: error.code, Message: error.message })
    }
  }
  return xmlAnswer('DeleteResult', { Deleted: Quiet?.trim() === 'true' ? [] : deleted, Error: errors })
}
