// STS: AssumeRole and GetCallerIdentity, as form posts to `/`. A caller may assume only roles that its user has.
import { createHash } from 'node:crypto'
import type { Authenticator, Principal, RoleSession } from '../identity/principal.js'
import { authenticate } from '../s3/authenticate.js'
import { readText } from '../s3/body.js'
import { accessDenied, S3Error } from '../s3/errors.js'
import type { S3Request } from '../s3/request.js'
import { sha256Hex } from '../s3/sigv4.js'
import { type XmlContent, xmlDocument } from '../s3/xml.js'

const account = '000000000000'
const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'
const largestFormBytes = 64 * 1024
const mostTags = 50
const tagKey = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u

export interface StsDeps {
  readonly authenticator: Authenticator
  readonly now: () => Date
  readonly requestId: string
}

/** Answers one STS call. Failures are answered in STS's form, not thrown.
 * @throws what is no {@link S3Error} */
export async function answerSts(request: S3Request, deps: StsDeps): Promise<Response> {
  try {
    const text = await readText({ bytes: request.body }, largestFormBytes)
    const { principal } = authenticate(request, deps, 'sts', sha256Hex(text))
    const form = new URLSearchParams(text)
    switch (form.get('Action')) {
      case 'AssumeRole':
        return answer('AssumeRole', assumeRole(form, principal, deps), deps)
      case 'GetCallerIdentity':
        return answer('GetCallerIdentity', callerIdentity(principal), deps)
      default:
        throw new S3Error(
          'InvalidAction',
          `Could not find operation ${form.get('Action') ?? ''} for version 2011-06-15`,
        )
    }
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    const Type = error.status >= 500 ? 'Receiver' : 'Sender'
    const content = { Error: { Type, Code: error.code, Message: error.message }, RequestId: deps.requestId }
    return xml(xmlDocument('ErrorResponse', content, namespace), error.status)
  }
}

function assumeRole(form: URLSearchParams, principal: Principal, { authenticator }: StsDeps): XmlContent {
  const roleArn = form.get('RoleArn') ?? ''
  const roleName = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(roleArn)?.[1]
  if (roleName === undefined) throw validation('RoleArn is not the ARN of a role')
  const session = readSession(form)
  const seconds = Number(form.get('DurationSeconds') ?? 3600)
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200)
    throw validation('DurationSeconds is 900 to 43200')
  const acting = authenticator.assumeRole(principal, roleName)
  if (acting === undefined)
    throw accessDenied(
      `User: ${userArn(principal)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    )
  const issued = authenticator.issueCredentials(acting, seconds, session)
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: new Date(Math.floor(issued.expires.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${roleId(roleName)}:${session.name}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${session.name}`,
    },
    SourceIdentity: session.sourceIdentity,
    PackedPolicySize: Object.keys(session.tags).length > 0 ? 1 : undefined,
  }
}

const callerIdentity = (principal: Principal): XmlContent => ({
  Arn: userArn(principal),
  UserId: `${roleId(principal.roleName)}:${principal.userName}`,
  Account: account,
})

const userArn = ({ roleName, userName }: Principal): string =>
  `arn:aws:sts::${account}:assumed-role/${roleName}/${userName}`

/** @throws {S3Error} `ValidationError` */
function readSession(form: URLSearchParams): RoleSession {
  const name = form.get('RoleSessionName') ?? ''
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw validation('RoleSessionName is 2 to 64 of A-Z, a-z, 0-9, _+=,.@-')
  const sourceIdentity = form.get('SourceIdentity') ?? undefined
  if (sourceIdentity !== undefined && !/^[\w+=,.@-]{2,64}$/.test(sourceIdentity))
    throw validation('SourceIdentity is 2 to 64 of A-Z, a-z, 0-9, _+=,.@-')
  const pairs: [string, string][] = []
  for (let n = 1; form.has(`Tags.member.${n}.Key`); n += 1) {
    const key = form.get(`Tags.member.${n}.Key`) ?? ''
    const value = form.get(`Tags.member.${n}.Value`) ?? ''
    if (n > mostTags || !tagKey.test(key) || !tagValue.test(value))
      throw validation(`Tags: at most ${mostTags}, keys of 1 to 128 characters, values of at most 256`)
    if (pairs.some(([other]) => other.toLowerCase() === key.toLowerCase()))
      throw validation('Tags: keys differ in more than case')
    pairs.push([key, value])
  }
  const tags = Object.fromEntries(pairs)
  const transitiveTagKeys: string[] = []
  for (let n = 1; form.has(`TransitiveTagKeys.member.${n}`); n += 1)
    transitiveTagKeys.push(form.get(`TransitiveTagKeys.member.${n}`) ?? '')
  if (transitiveTagKeys.some((key) => !Object.hasOwn(tags, key)))
    throw validation('TransitiveTagKeys names a tag that is not given')
  return { name, tags, transitiveTagKeys, ...(sourceIdentity !== undefined && { sourceIdentity }) }
}

const roleId = (roleName: string): string =>
  `AROA${createHash('sha256').update(roleName).digest('hex').slice(0, 17).toUpperCase()}`

const validation = (message: string): S3Error => new S3Error('ValidationError', message)

const answer = (action: string, result: XmlContent, { requestId }: StsDeps): Response =>
  xml(
    xmlDocument(
      `${action}Response`,
      { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
      namespace,
    ),
    200,
  )

const xml = (body: string, status: number): Response =>
  new Response(body, { status, headers: { 'content-type': 'text/xml' } })
