// Posts an object as a form that somebody else signed.

import { randomUUID } from 'node:crypto'
import { createChunkedSha256, QuiltError } from '@quilt-mcp/core'
import { readText } from '../http/body.js'
import type { HttpClient } from '../http/client.js'
import { statusError } from '../http/status-error.js'
import type { ByteBudget } from './byte-budget.js'
import { contentSize } from './content.js'
import type { ObjectContent, ObjectLocation, PutOptions, WrittenObject } from './port.js'
import { checkedEtag } from './s3-answer.js'
import { nameOf } from './s3-location.js'
import { openParts } from './upload-parts.js'

export interface UploadForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/** S3's own bound of what is posted at once. */
export const largestFormBytes = 5 * 1024 ** 3

interface PostDeps {
  readonly http: HttpClient
  readonly budget: ByteBudget
}

/** @throws {QuiltError} `conflict` when the bytes change while they are read; what S3 says */
export async function postForm(
  { http, budget }: PostDeps,
  {
    location,
    form,
    content,
  }: { readonly location: ObjectLocation; readonly form: UploadForm; readonly content: ObjectContent },
  { contentType, onProgress, signal }: PutOptions,
): Promise<WrittenObject> {
  const size = contentSize(content)
  const boundary = `quilt-mcp-${randomUUID()}`
  const head = Buffer.from(headOf(form.fields, { boundary, contentType }))
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const hash = createChunkedSha256(size)
  const parts = await openParts(content, { budget, signal })

  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield head
    let done = 0
    for (let part = await parts.take(); part !== undefined; part = await parts.take()) {
      hash.update(part.bytes)
      yield part.bytes
      part.release()
      done += part.bytes.byteLength
      onProgress?.({ done, total: size, message: 'Uploading' })
    }
    // Before the end of the form: S3 writes nothing of one that breaks off.
    await parts.check()
    yield tail
  }
  try {
    const answer = await http.send({
      method: 'POST',
      url: new URL(form.url),
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(head.byteLength + size + tail.byteLength),
      },
      body: body(),
      kind: 'stream',
      idempotent: false,
      signal,
      peer: 'S3',
    })
    const said = await readText(answer, { maxBytes: 65_536, peer: 'S3' })
    if (answer.status >= 300) throw refused(answer.status, { location, said })
    const versionId = answer.headers['x-amz-version-id']
    return {
      bucket: location.bucket,
      key: location.key,
      size,
      etag: checkedEtag(answer.headers.etag),
      ...(versionId === undefined ? {} : { versionId }),
      ...(contentType === undefined ? {} : { contentType }),
      hash: hash.digest(),
    }
  } finally {
    await parts.close()
  }
}

/** All that comes before the bytes. The file is the last field: S3 reads no other behind it. */
function headOf(
  fields: Readonly<Record<string, string>>,
  { boundary, contentType }: { readonly boundary: string; readonly contentType: string | undefined },
): string {
  const named = Object.entries(fields).map(([name, value]) => {
    if (/["\r\n]/.test(name) || value.includes(boundary)) throw oddForm()
    return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  })
  const type = contentType === undefined || /[\r\n]/.test(contentType) ? 'application/octet-stream' : contentType
  return `${named.join('')}--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\ncontent-type: ${type}\r\n\r\n`
}

function oddForm(): QuiltError {
  return new QuiltError('upstream', 'The registry gave an upload form that cannot be sent', {
    hint: 'Report this to who runs the registry.',
    retryable: false,
  })
}

function refused(
  status: number,
  { location, said }: { readonly location: ObjectLocation; readonly said: string },
): QuiltError {
  const message = /<Code>(\w{1,64})<\/Code>/.exec(said)?.[1]
  return statusError(status, { peer: 'S3', attempt: `Writing ${nameOf(location)}`, message })
}
