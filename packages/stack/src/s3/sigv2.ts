// Presigned URLs of AWS Signature Version 2, which boto3 still makes (`AWSAccessKeyId`, `Signature`, `Expires` in the query).
import { createHmac } from 'node:crypto'
import { headerValue, queryValue, type S3Request } from './request.js'

/** Query parameters that belong to the resource that is signed. */
const signedParameters = new Set([
  'acl',
  'delete',
  'location',
  'partNumber',
  'policy',
  'tagging',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
])

/** The signature, in base64, that a presigned URL must carry. */
export function signatureV2(request: S3Request, secretAccessKey: string): string {
  const toSign = [
    request.method,
    headerOrParameter(request, 'content-md5'),
    headerOrParameter(request, 'content-type'),
    queryValue(request, 'Expires') ?? '',
    ...amzHeaders(request),
    resource(request),
  ].join('\n')
  return createHmac('sha1', secretAccessKey).update(toSign).digest('base64')
}

const headerOrParameter = (request: S3Request, name: string): string =>
  request.headers.get(name) ?? request.queryPairs.find(([given]) => given.toLowerCase() === name)?.[1] ?? ''

function amzHeaders(request: S3Request): readonly string[] {
  const names = [...request.headers.keys(), ...request.queryPairs.map(([name]) => name.toLowerCase())]
  const amz = new Set(names.filter((name) => name.startsWith('x-amz-')))
  return [...amz].sort().map((name) => `${name}:${headerValue(request, name) ?? ''}`)
}

function resource({ rawPath, queryPairs }: S3Request): string {
  const signed = queryPairs
    .filter(([name]) => signedParameters.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  return signed.length === 0 ? rawPath : `${rawPath}?${signed.join('&')}`
}
