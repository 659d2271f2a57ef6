// S3 and STS over HTTP, path-style, one region. Every request: who signed it, what their role may do, the operation, the answer.
import { randomUUID } from 'node:crypto'
import type { Authenticator } from '../identity/principal.js'
import { type ObjectStore, StoreError } from '../store/object-store.js'
import { answerSts } from '../sts/sts.js'
import { authenticate } from './authenticate.js'
import { authorize } from './authorize.js'
import { openBody } from './body.js'
import { listBuckets } from './buckets.js'
import { serviceCall } from './call.js'
import { S3Error } from './errors.js'
import { bucketOperations, findOperation, objectOperations } from './operations.js'
import { postedForm, postObject } from './post-object.js'
import { readRequest, type S3Request } from './request.js'
import { xmlDocument } from './xml.js'

export interface S3AppDeps {
  readonly store: ObjectStore
  readonly authenticator: Authenticator
  readonly now?: () => Date
  /** Told of every failure that is no fault of the client, with the request's id. */
  readonly onDefect?: (error: unknown, requestId: string) => void
}

/** What @hono/node-server hands over beside the request: the target as it came over the wire, and who is at its other end. */
export interface NodeBindings {
  readonly incoming?: {
    readonly url?: string | undefined
    readonly socket?: { readonly remoteAddress?: string | undefined }
  }
}

export interface S3App {
  /** Answers one request. Never rejects. */
  fetch(request: Request, env?: NodeBindings): Promise<Response>
}

/** S3 and STS of a stack. Give `fetch` to `serve` of @hono/node-server. */
export function createS3App({ store, authenticator, now = () => new Date(), onDefect }: S3AppDeps): S3App {
  return {
    async fetch(request, env) {
      const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()
      const target = env?.incoming?.url ?? request.url
      try {
        const read = readRequest(request, target)
        const answer = isSts(read)
          ? await answerSts(read, { authenticator, now, requestId })
          : await answerS3(read, { store, authenticator, now, onDefect: (error) => onDefect?.(error, requestId) })
        answer.headers.set('x-amz-request-id', requestId)
        return answer
      } catch (error) {
        const known = asS3Error(error)
        if (known.status >= 500) onDefect?.(error, requestId)
        return errorAnswer(known, { method: request.method, target, requestId })
      }
    },
  }
}

const isSts = (request: S3Request): boolean => request.method === 'POST' && request.bucket === undefined

interface AnswerDeps {
  readonly store: ObjectStore
  readonly authenticator: Authenticator
  readonly now: () => Date
  readonly onDefect: (error: unknown) => void
}

async function answerS3(request: S3Request, { store, onDefect, ...deps }: AnswerDeps): Promise<Response> {
  const boundary = postedForm(request)
  if (boundary !== undefined) return postObject(request, boundary, { ...deps, store })
  const caller = authenticate(request, deps, 's3')
  const { principal } = caller
  const call = serviceCall({ store, request, principal, body: () => openBody(request, caller), onDefect })
  const { bucket, key } = request
  const { method } = request
  if (bucket === undefined) {
    if (method === 'GET') return listBuckets(call)
    throw methodNotAllowed()
  }
  if (key !== undefined) {
    const operation = findOperation(objectOperations, { ...call, method })
    if (operation === undefined) throw notImplemented()
    if (operation.needs !== 'admin') authorize(principal, bucket, operation.needs)
    requireBucket(store, bucket)
    return operation.run({ ...call, bucket, key })
  }
  const operation = findOperation(bucketOperations, { ...call, method })
  if (operation === undefined) throw notImplemented()
  if (operation.needs !== 'admin') {
    authorize(principal, bucket, operation.needs)
    requireBucket(store, bucket)
  }
  return operation.run({ ...call, bucket })
}

function requireBucket(store: ObjectStore, bucket: string): void {
  if (!store.hasBucket(bucket)) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist')
}

const methodNotAllowed = (): S3Error =>
  new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.')

const notImplemented = (): S3Error => new S3Error('NotImplemented', 'This stack does not have that call of S3.')

function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error
  if (error instanceof StoreError) return new S3Error(error.code, error.message, { cause: error })
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.', { cause: error })
}

function errorAnswer(
  { code, status, message, headers }: S3Error,
  { method, target, requestId }: { readonly method: string; readonly target: string; readonly requestId: string },
): Response {
  const body = xmlDocument(
    'Error',
    { Code: code, Message: message, Resource: target.split('?')[0], RequestId: requestId },
    '',
  )
  return new Response(method === 'HEAD' ? null : body, {
    status,
    headers: { ...headers, 'content-type': 'application/xml', 'x-amz-request-id': requestId },
  })
}
