// S3's errors: one table of codes and statuses, and the XML that carries them.
import type { StoreErrorCode } from '../store/object-store.js'

/** HTTP status of each code of S3 and STS that this stack answers with. */
const statuses = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidPolicyDocument: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPOSTRequest: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
  // STS
  InvalidAction: 400,
  ValidationError: 400,
} as const satisfies Record<StoreErrorCode | (string & {}), number>

/** A code of S3's or STS's. */
export type S3ErrorCode = keyof typeof statuses

/** A failure that is answered in S3's form. */
export class S3Error extends Error {
  override readonly name = 'S3Error'
  readonly code: S3ErrorCode
  readonly status: number
  /** Headers that go with the answer. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: S3ErrorCode,
    message: string,
    options: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = statuses[code]
    this.headers = options.headers ?? {}
  }
}

/** S3's plain refusal. */
export const accessDenied = (message = 'Access Denied'): S3Error => new S3Error('AccessDenied', message)
