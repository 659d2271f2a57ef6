// What HEAD and GET answers tell about an object.
import { Readable } from 'node:stream'
import { QuiltError } from '@quilt-mcp/core'
import { translateBody } from '../http/body.js'
import { exactBody } from './exact-body.js'
import type { ObjectBody, ObjectInfo, ObjectLocation } from './port.js'

/** The parts of both answers that we read. */
export interface ObjectAnswer {
  readonly ContentLength?: number | undefined
  readonly ContentRange?: string | undefined
  readonly LastModified?: Date | undefined
  readonly ContentType?: string | undefined
  readonly ETag?: string | undefined
  readonly VersionId?: string | undefined
  readonly Metadata?: Record<string, string> | undefined
}

/** S3 gives every object an etag: an answer without one is a proxy's or a sign-in page, not the object.
 * @throws {QuiltError} `upstream` */
export function checkedEtag(etag: string | undefined): string {
  if (etag !== undefined) return etag.replaceAll('"', '')
  throw notFromS3()
}

/** The error for an answer that has the right status and is not S3's. */
export function notFromS3(): QuiltError {
  return new QuiltError('upstream', 'This is not the answer of an S3 service', {
    hint: 'Check the S3 endpoint, and that no proxy or sign-in page answers in its place.',
  })
}

/** The object as the port tells it. `size` is that of the whole object, also when a range was asked for. */
export function infoOf({ bucket, key, versionId }: ObjectLocation, answer: ObjectAnswer): ObjectInfo {
  const version = answer.VersionId ?? versionId
  return {
    bucket,
    key,
    ...(version === undefined ? {} : { versionId: version }),
    size: Number(answer.ContentRange?.split('/')[1] ?? answer.ContentLength ?? 0),
    ...(answer.LastModified === undefined ? {} : { modified: answer.LastModified.toISOString() }),
    ...(answer.ContentType === undefined ? {} : { contentType: answer.ContentType }),
    etag: checkedEtag(answer.ETag),
    ...(answer.Metadata === undefined || Object.keys(answer.Metadata).length === 0
      ? {}
      : { metadata: answer.Metadata }),
  }
}

interface BodyContext {
  /** Of the object, for error messages. */
  readonly name: string
  readonly signal: AbortSignal | undefined
}

/** The object with its bytes. */
export function bodyOf(
  location: ObjectLocation,
  answer: ObjectAnswer & { readonly Body?: object | undefined },
  { name, signal }: BodyContext,
): ObjectBody {
  const stream = answer.Body
  if (stream === undefined || !isByteStream(stream)) {
    throw new QuiltError('upstream', `${name} came without a body`, { hint: 'Try again.' })
  }
  if (answer.ETag === undefined) {
    stream.destroy()
    throw notFromS3()
  }
  const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(answer.ContentRange ?? '') ?? []
  return {
    ...infoOf(location, answer),
    body: exactBody(translateBody(stream, { peer: 'S3', signal }), { length: answer.ContentLength, name }),
    ...(first === undefined || last === undefined ? {} : { range: { first: Number(first), last: Number(last) } }),
  }
}

function isByteStream(body: object): body is Readable {
  return body instanceof Readable
}
