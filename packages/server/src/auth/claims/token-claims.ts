// What a verified token says of its bearer (token claims, 2 and 3). Only ever called on claims whose signature held.
import type { AwsCredentials } from '@quilt-mcp/backends'
import { z } from 'zod'
import { bucketsOf } from './bucket-claim.js'
import { actionOf } from './permission-letters.js'

/** A tag that STS puts on a session. */
export interface SessionTag {
  readonly key: string
  readonly value: string
}

/** AWS credentials that came inside a token. */
export type EmbeddedCredentials = AwsCredentials

/** The claims we act on, each under one name. */
export interface TokenClaims {
  readonly subject: string
  readonly username?: string | undefined
  readonly clientType?: string | undefined
  /** Wishes of the token: honoured only for hosts that the operator allows. */
  readonly catalogUrl?: string | undefined
  readonly registryUrl?: string | undefined
  /** The catalog's own bearer token, for that registry alone. */
  readonly catalogToken?: string | undefined
  readonly roleArn?: string | undefined
  readonly roles: readonly string[]
  /** IAM actions. Absent: the token does not say, registry and IAM bound it. Empty: none. */
  readonly permissions?: readonly string[] | undefined
  /** Absent and empty as for `permissions`. */
  readonly buckets?: readonly string[] | undefined
  readonly sessionTags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly awsCredentials?: EmbeddedCredentials | undefined
  readonly scopes: readonly string[]
  /** `read`, `write`, `admin` or the like. */
  readonly level?: string | undefined
}

type Claims = Readonly<Record<string, unknown>>

const texts = z.array(z.string())
const roleArnPattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/
const actionPattern = /^[a-z0-9-]+:[A-Za-z*?]+$/

/**
 * Reads the claims. A list that is there and malformed is an empty one: the bearer lacks those rights.
 * Where a claim comes in its long and its short form, the long one counts.
 * @returns undefined when there is no subject: then it is no token of ours
 */
export function readClaims(payload: Claims): TokenClaims | undefined {
  const subject = textOf(payload, ['sub', 'user_id', 'id'])
  if (subject === undefined) return undefined
  const inner = isRecord(payload.claims) ? payload.claims : {}
  const roles = rolesOf(payload, inner)
  const permissions = permissionsOf(payload, inner)
  const buckets = firstGiven(
    ...['buckets', 's3_buckets', 'accessible_buckets'].map((name) => payload[name]),
    inner.buckets,
    payload.b,
  )
  const roleArn =
    textOf(payload, ['role_arn', 'roleArn', 'aws_role_arn', 'awsRoleArn']) ??
    roles.find((role) => roleArnPattern.test(role))
  const credentials = credentialsOf(
    firstOf(payload, ['aws_credentials', 'awsCredentials', 'credentials', 'temp_credentials', 'tempCredentials']),
  )
  const isShort = ['s', 'p', 'r', 'b', 'l'].some((name) => payload[name] !== undefined)
  const level = textOf(payload, ['level', 'l']) ?? (isShort ? 'read' : undefined)
  return {
    subject,
    username: textOf(payload, ['username']),
    clientType: textOf(payload, ['client_type']),
    catalogUrl: textOf(payload, ['catalog_url', 'catalogUrl']),
    registryUrl: textOf(payload, ['registry_url', 'registryUrl']),
    catalogToken: textOf(payload, ['catalog_token', 'catalogToken']),
    roleArn: roleArn !== undefined && roleArnPattern.test(roleArn) ? roleArn : undefined,
    roles,
    permissions,
    buckets: buckets === undefined ? undefined : bucketsOf(buckets),
    sessionTags: tagsOf(firstOf(payload, ['session_tags', 'sessionTags', 'tags'])),
    transitiveTagKeys: listOf(firstOf(payload, ['transitive_tag_keys', 'transitiveTagKeys'])),
    awsCredentials: credentials,
    scopes: scopesOf(firstGiven(payload.scope, payload.s)),
    level,
  }
}

function permissionsOf(payload: Claims, inner: Claims): readonly string[] | undefined {
  const named = firstGiven(payload.permissions, inner.permissions)
  if (named !== undefined) return listOf(named).map(actionOf)
  // Other issuers put scopes of their own under these names: they count when they hold actions.
  const borrowed = listOf(firstOf(payload, ['scopes', 'authorities'])).filter((one) => actionPattern.test(one))
  if (borrowed.length > 0) return borrowed
  return payload.p === undefined ? undefined : listOf(payload.p).map(actionOf)
}

function rolesOf(payload: Claims, inner: Claims): readonly string[] {
  const found = firstGiven(payload.roles, payload.authorities, payload.groups, inner.roles, payload.r)
  return listOf(found).filter((role) => !actionPattern.test(role) || roleArnPattern.test(role))
}

/** A claim that is there counts, also when it is null: malformed is not absent. */
const firstGiven = (...values: readonly unknown[]): unknown => values.find((value) => value !== undefined)

const firstOf = (claims: Claims, names: readonly string[]): unknown => firstGiven(...names.map((name) => claims[name]))

function textOf(claims: Claims, names: readonly string[]): string | undefined {
  const value = firstOf(claims, names)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const listOf = (value: unknown): readonly string[] => texts.safeParse(value).data ?? []

function scopesOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter((one) => one !== '') : listOf(value)
}

const tagList = z.array(z.object({ Key: z.string(), Value: z.string() }))
const tagRecord = z.record(z.string(), z.string())

function tagsOf(value: unknown): readonly SessionTag[] {
  const list = tagList.safeParse(value)
  if (list.success) return list.data.map(({ Key, Value }) => ({ key: Key, value: Value }))
  return Object.entries(tagRecord.safeParse(value).data ?? {}).map(([key, text]) => ({ key, value: text }))
}

const expiry = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.number().transform((seconds) => seconds * 1_000),
])
const snakeCredentials = z.object({
  access_key_id: z.string().min(1),
  secret_access_key: z.string().min(1),
  session_token: z.string().optional(),
  expiration: expiry.optional(),
})
const camelCredentials = z
  .object({
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    sessionToken: z.string().optional(),
    expiration: expiry.optional(),
  })
  .transform(({ accessKeyId, secretAccessKey, sessionToken, expiration }) => ({
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    session_token: sessionToken,
    expiration,
  }))

function credentialsOf(value: unknown): EmbeddedCredentials | undefined {
  const found = z.union([snakeCredentials, camelCredentials]).safeParse(value).data
  if (found === undefined) return undefined
  return {
    accessKeyId: found.access_key_id,
    secretAccessKey: found.secret_access_key,
    ...(found.session_token !== undefined && { sessionToken: found.session_token }),
    ...(found.expiration !== undefined && { expiresAtMs: found.expiration }),
  }
}

const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
