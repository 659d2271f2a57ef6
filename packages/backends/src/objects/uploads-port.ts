// Uploads whose bytes go from the client to the bucket, and do not pass here.
import type { CallOptions } from '../call-options.js'
import type { ObjectInfo, ObjectLocation } from './port.js'

export interface UploadConditions extends CallOptions {
  /** Refuse when the key exists. Default false. */
  readonly ifAbsent?: boolean | undefined
  /** Refuse unless the object there has this ETag, without quotes. */
  readonly ifMatch?: string | undefined
}

export interface UploadRequest extends UploadConditions {
  /** Bytes. The links take exactly so many. */
  readonly size: number
  readonly contentType?: string | undefined
  /** Base64 of the SHA-256 that the bytes must have. Only of uploads in one request. */
  readonly sha256?: string | undefined
}

/** What a client sends, without signing in. It holds for one object, until it expires. */
export type UploadTicket =
  | {
      readonly kind: 'put'
      readonly url: string
      /** All of them must be sent, as they are. */
      readonly headers: Readonly<Record<string, string>>
      readonly expires: string
    }
  | {
      readonly kind: 'form'
      /** Takes a POST of `multipart/form-data`. */
      readonly url: string
      /** All of them go before the last field, `file`, which holds the bytes. */
      readonly fields: Readonly<Record<string, string>>
      readonly expires: string
    }
  | {
      readonly kind: 'parts'
      /** Ends with `complete` or `abort`: until then what was sent is stored, and not to be seen. */
      readonly uploadId: string
      /** Bytes of each part but the last. */
      readonly partSize: number
      /** Takes a PUT each, in any order. */
      readonly parts: readonly { readonly number: number; readonly url: string }[]
      readonly expires: string
    }

/** Nothing of an upload is kept here: its id is the store's own. */
export interface Uploads {
  /** Links die with the credentials that signed them, after an hour at most.
   * @throws {QuiltError} `conflict` when a condition does not hold already; `invalid_input` when no object can have that size */
  begin(location: ObjectLocation, request: UploadRequest): Promise<UploadTicket>
  /** Makes an upload in parts visible.
   * @throws {QuiltError} `partial`, naming them, when parts are missing; `conflict` when a condition does not hold; `not_found` */
  complete(
    location: ObjectLocation,
    upload: { readonly uploadId: string; readonly size: number },
    conditions?: UploadConditions,
  ): Promise<ObjectInfo>
  /** Removes what was sent of an upload in parts. Harmless when there is none. */
  abort(location: ObjectLocation, uploadId: string, options?: CallOptions): Promise<void>
}
