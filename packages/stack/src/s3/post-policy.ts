// The policy of a presigned POST: which forms it allows, until when, and who signed it.
import { z } from 'zod'
import type { Principal } from '../identity/principal.js'
import type { AuthenticationDeps } from './authenticate.js'
import { accessDenied, S3Error } from './errors.js'
import { deriveKey, equalInConstantTime, hmacHex, parseScope, parseTimestamp } from './sigv4.js'

/** What a policy leaves open: how large the file may be. */
export interface AllowedForm {
  readonly principal: Principal
  /** Bytes. */
  readonly smallest: number
  readonly largest: number
}

const largestPostBytes = 5 * 1024 ** 3

const condition = z.union([
  z.tuple([z.literal('content-length-range'), z.number(), z.number()]),
  z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
  z.record(z.string(), z.string()),
])
const policyDocument = z.object({ expiration: z.string(), conditions: z.array(condition) })

/** Fields that a policy need not name. */
const free: ReadonlySet<string> = new Set(['policy', 'x-amz-signature', 'file'])

/** Checks a form against the policy that it carries. The signature comes first: who lacks the secret learns nothing more.
 * @param fields names in lower case
 * @throws {S3Error} `AccessDenied`, `SignatureDoesNotMatch`, `InvalidAccessKeyId`, `InvalidToken`, `ExpiredToken`,
 *   `InvalidPolicyDocument` */
export function allowedForm(
  fields: ReadonlyMap<string, string>,
  { bucket, authenticator, now }: AuthenticationDeps & { readonly bucket: string },
): AllowedForm {
  const field = (name: string): string => fields.get(name) ?? ''
  const policy = field('policy')
  const scope = parseScope(field('x-amz-credential'))
  const signedAt = parseTimestamp(field('x-amz-date'))
  if (policy === '' || field('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') throw accessDenied()
  if (scope?.service !== 's3' || signedAt === undefined || !field('x-amz-date').startsWith(scope.date))
    throw accessDenied()
  const issued = authenticator.byAccessKeyId(scope.accessKeyId)
  if (issued === undefined)
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  const { credentials, principal } = issued
  const signature = hmacHex(deriveKey(credentials.secretAccessKey, scope), policy)
  if (!equalInConstantTime(signature, field('x-amz-signature')))
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    )
  if (!equalInConstantTime(field('x-amz-security-token'), credentials.sessionToken))
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.')
  const nowMs = now().getTime()
  if (nowMs >= credentials.expires.getTime()) throw new S3Error('ExpiredToken', 'The provided token has expired.')
  const { expiration, conditions } = documentOf(policy)
  const expiresMs = Date.parse(expiration)
  if (Number.isNaN(expiresMs)) throw invalidPolicy()
  if (nowMs >= expiresMs) throw accessDenied('Invalid according to Policy: Policy expired.')
  return { principal, ...checkConditions(conditions, new Map([...fields, ['bucket', bucket]])) }
}

type Condition = z.infer<typeof condition>

function checkConditions(
  conditions: readonly Condition[],
  fields: ReadonlyMap<string, string>,
): Pick<AllowedForm, 'smallest' | 'largest'> {
  const named = new Set<string>()
  let range = { smallest: 0, largest: largestPostBytes }
  const check = (name: string, holds: (value: string) => boolean): void => {
    named.add(name)
    if (!holds(fields.get(name) ?? ''))
      throw accessDenied(`Invalid according to Policy: Policy Condition failed: $${name}`)
  }
  for (const one of conditions) {
    if (!Array.isArray(one)) {
      for (const [name, wanted] of Object.entries(one)) check(name.toLowerCase(), (value) => value === wanted)
    } else if (one[0] === 'content-length-range') {
      range = { smallest: one[1], largest: Math.min(one[2], largestPostBytes) }
    } else {
      const [how, name, wanted] = one
      check(name.slice(1).toLowerCase(), (value) => (how === 'eq' ? value === wanted : value.startsWith(wanted)))
    }
  }
  const extra = [...fields.keys()].find((name) => !named.has(name) && !free.has(name) && !name.startsWith('x-ignore-'))
  if (extra !== undefined) throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra}`)
  return range
}

function documentOf(policy: string): z.infer<typeof policyDocument> {
  try {
    return policyDocument.parse(JSON.parse(Buffer.from(policy, 'base64').toString('utf8')))
  } catch (cause) {
    throw invalidPolicy(cause)
  }
}

const invalidPolicy = (cause?: unknown): S3Error =>
  new S3Error(
    'InvalidPolicyDocument',
    'The content of the form does not meet the conditions specified in the policy document.',
    { cause },
  )
