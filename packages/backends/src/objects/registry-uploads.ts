// Writes for a principal without S3 credentials of their own: by forms that the registry signs, where it offers them (design 4).
import { bucketUrl, QuiltError } from '@quilt-mcp/core'
import type { CredentialSource } from '../credentials/exchange.js'
import { isWithoutCredentials } from '../credentials/in-order.js'
import type { HttpClient } from '../http/client.js'
import type { StackAddress } from '../registry-api/address.js'
import type { RegistryGraphql } from '../registry-api/graphql.js'
import { generateUploadUrlMutation } from '../registry-api/operations/generate-upload-url.js'
import type { UploadUrlOffers } from '../registry-api/upload-url-offers.js'
import type { ByteBudget } from './byte-budget.js'
import { contentSize } from './content.js'
import type { ObjectLocation, Objects, PutOptions } from './port.js'
import { checkLocation, nameOf } from './s3-location.js'
import { checkUpload } from './s3-uploads.js'
import { largestFormBytes, postForm } from './upload-form.js'
import type { Uploads } from './uploads-port.js'

export interface RegistryUploadsDeps {
  /** For those who have credentials. */
  readonly own: { readonly objects: Objects; readonly uploads: Uploads }
  readonly credentials: CredentialSource
  readonly graphql: RegistryGraphql
  readonly address: StackAddress
  readonly offers: UploadUrlOffers
  readonly http: HttpClient
  readonly budget: ByteBudget
}

/** Objects and uploads of a principal: with credentials as long as there are some. */
export function withRegistryUploads(deps: RegistryUploadsDeps): {
  readonly objects: Objects
  readonly uploads: Uploads
} {
  const { own, credentials, http, budget } = deps
  return {
    objects: {
      ...own.objects,
      async put(location, content, options = {}) {
        const refusal = await refusalOf(credentials, options.signal)
        if (refusal === undefined) return own.objects.put(location, content, options)
        checkLocation(location)
        if (location.versionId !== undefined) return own.objects.put(location, content, options)
        const form = await formFor(deps, location, { ...options, refusal, size: contentSize(content) })
        return postForm({ http, budget }, { location, form, content }, options)
      },
    },
    uploads: {
      async begin(location, request) {
        const refusal = await refusalOf(credentials, request.signal)
        if (refusal === undefined) return own.uploads.begin(location, request)
        checkUpload(location, request)
        return { kind: 'form', ...(await formFor(deps, location, { ...request, refusal })) }
      },
      complete: own.uploads.complete,
      abort: own.uploads.abort,
    },
  }
}

/** Why the principal has no credentials; undefined when there are some.
 * @throws {QuiltError} when that cannot be told: forms are for those who shall have none */
async function refusalOf(credentials: CredentialSource, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    await credentials.get(signal)
    return undefined
  } catch (error) {
    if (isWithoutCredentials(error)) return error
    throw error
  }
}

interface FormRequest extends Pick<PutOptions, 'contentType' | 'metadata' | 'ifAbsent' | 'ifMatch' | 'signal'> {
  readonly size: number
  /** Why there are no credentials. */
  readonly refusal: unknown
}

async function formFor(deps: RegistryUploadsDeps, location: ObjectLocation, request: FormRequest) {
  const { graphql, address, offers } = deps
  const { bucket, key } = location
  const { contentType, metadata, ifAbsent = false, ifMatch, size, signal } = request
  const registry = await address.registryUrl(signal)
  const offered = await offers.offers(registry, graphql, signal).catch((error: unknown) => {
    // A token that is no good for questions either: then the first refusal says more.
    throw error instanceof QuiltError && error.code === 'forbidden' ? request.refusal : error
  })
  if (!offered) throw await noWay(deps, location, signal)
  if (size > largestFormBytes || metadata !== undefined) {
    throw new QuiltError('unsupported', `${nameOf(location)} cannot be uploaded by a form of the registry`, {
      hint: 'A form takes at most 5 GiB and no metadata.',
      details: { reason: 'upload-form' },
    })
  }
  if (ifAbsent || ifMatch !== undefined) {
    throw new QuiltError('unsupported', `whether ${nameOf(location)} exists cannot be seen without S3 credentials`, {
      hint: 'Choose a key that nobody uses, and allow replacing (overwrite: true): a bucket with versions keeps what was there.',
      details: { reason: 'upload-form-condition' },
    })
  }
  const variables = { bucket, key, ...(contentType === undefined ? {} : { contentType }) }
  const { generateUploadUrl } = await graphql.run(generateUploadUrlMutation, variables, { signal })
  const { uploadUrl: url, fields, expires } = generateUploadUrl
  return { url, fields, expires }
}

/** Neither credentials nor forms: what a user can do by hand, ready to paste. */
async function noWay(
  { address }: RegistryUploadsDeps,
  { bucket, key }: ObjectLocation,
  signal: AbortSignal | undefined,
): Promise<QuiltError> {
  const catalog = await address.catalog(signal)
  const uri = `s3://${bucket}/${key}`
  const workarounds = [
    ...(catalog === undefined ? [] : [`In the web catalog: ${bucketUrl(catalog.url, bucket)}`]),
    `With the AWS CLI and credentials of your own: aws s3 cp <file> ${shellQuoted(uri)}`,
    `Then package_create with entries: [{"logical_key": ${JSON.stringify(key.split('/').at(-1))}, "uri": ${JSON.stringify(uri)}}]`,
  ]
  return new QuiltError(
    'unsupported',
    `${nameOf({ bucket, key })} cannot be uploaded from here: the registry gives you no S3 credentials, and offers no upload forms`,
    { hint: workarounds.join('. '), details: { reason: 'no-upload', workarounds }, nextTools: ['package_create'] },
  )
}

const shellQuoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
