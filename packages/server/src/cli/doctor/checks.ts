// Whether the chosen backend works: who one is there, how objects are reached, and each bucket. Nothing is changed.
import type { Backend, Bucket, Identity } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { concurrently } from '../../tools/packages/concurrently.js'

export interface Check {
  /** What was looked at: `sign-in`, `buckets`, `bucket lab-a`. */
  readonly name: string
  readonly outcome: 'ok' | 'warning' | 'failed'
  readonly message: string
  /** What to do. Absent when all is well. */
  readonly fix?: string
}

/** Buckets looked into. */
const mostBuckets = 20
const bucketsAtOnce = 4
/** Time for one look. */
const lookMs = 20_000

/** Looks at everything that is needed to work with packages. Never throws for what it finds. */
export async function checkBackend(backend: Backend): Promise<readonly Check[]> {
  if (backend.name === 'unauthenticated') return [nobody]
  const who = await signIn(backend)
  if (who.some(({ outcome }) => outcome === 'failed')) return who
  const buckets = await attempt('buckets', async (signal) => backend.buckets.list({ signal, limit: 1000 }))
  if (isCheck(buckets)) return [...who, buckets]
  const looked = buckets.items.slice(0, mostBuckets)
  return [
    ...who,
    bucketCount(buckets.items.length, looked.length),
    ...(await concurrently(looked, bucketsAtOnce, (bucket) => checkBucket(backend, bucket))),
  ]
}

const nobody: Check = {
  name: 'sign-in',
  outcome: 'failed',
  message: 'no way to Quilt data was found',
  fix: 'Follow one of the lines marked missing; or run quilt-mcp demo to try it without an account.',
}

async function signIn(backend: Backend): Promise<readonly Check[]> {
  const name = 'sign-in'
  const identity = await attempt(name, (signal) =>
    backend.identity({ signal }).catch((error: unknown) => {
      if (error instanceof QuiltError && error.details?.reason === 'no-aws-credentials') return asThePublic(name, error)
      throw error
    }),
  )
  return isCheck(identity) ? [identity] : [{ name, outcome: 'ok', message: whoIs(identity) }, objectAccess(identity)]
}

/** Buckets are named that the public may read: that is less than a sign-in, and works. */
const asThePublic = (name: string, { message, hint = 'Sign in to AWS.' }: QuiltError): Check => ({
  name,
  outcome: 'warning',
  message: `${message}: what the public may read can be read`,
  fix: hint,
})

function whoIs({ backend, user, role, catalogUrl, registryUrl }: Identity): string {
  const who = user === undefined ? 'no user' : user.name
  return [
    `${backend}: ${who}`,
    ...(role === undefined ? [] : [`role ${role}`]),
    ...(catalogUrl === undefined ? [] : [`catalog ${catalogUrl}`]),
    ...(registryUrl === undefined ? [] : [`registry ${registryUrl}`]),
  ].join(', ')
}

function objectAccess({ objectAccess: access }: Identity): Check {
  const name = 'object access'
  if (access === 'files') return { name, outcome: 'ok', message: 'files on this machine' }
  if (access === 'credentials') return { name, outcome: 'ok', message: 'with AWS credentials of your own' }
  return {
    name,
    outcome: 'warning',
    message: 'the registry gives no AWS credentials: files of packages can be read, buckets cannot',
    fix: 'Ask an administrator of the catalog for a role with access to buckets.',
  }
}

function bucketCount(all: number, looked: number): Check {
  const name = 'buckets'
  if (all === 0) {
    return {
      name,
      outcome: 'warning',
      message: 'there is no bucket',
      fix: 'Name one with --registry s3://bucket (QUILT_REGISTRIES), or ask an administrator for a role that may see some.',
    }
  }
  return { name, outcome: 'ok', message: looked < all ? `${all}; the first ${looked} are looked into` : `${all}` }
}

/** Whether packages can be listed there, and whether the bucket keeps the bytes they name. */
async function checkBucket({ buckets, packages }: Backend, { name: bucket }: Bucket): Promise<Check> {
  const name = `bucket ${bucket}`
  const looked = await attempt(name, async (signal) => {
    const [facts, page] = await Promise.all([
      buckets.get(bucket, { signal }),
      packages.list(bucket, { signal, limit: 1 }),
    ])
    return { facts, hasPackages: page.items.length > 0 }
  })
  if (isCheck(looked)) return looked
  const message = looked.hasPackages ? 'has packages' : 'has no packages yet'
  if (looked.facts.versioned !== false) return { name, outcome: 'ok', message }
  return {
    name,
    outcome: 'warning',
    message: `${message}; it keeps no versions: a package shows other bytes once its objects are overwritten`,
    fix: `Turn versioning on: aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
  }
}

/** What the look finds, or how it failed. */
async function attempt<Result extends object>(
  name: string,
  look: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | Check> {
  try {
    return await look(AbortSignal.timeout(lookMs))
  } catch (error) {
    if (error instanceof QuiltError) return failed(name, error.message, error.hint)
    if (error instanceof Error && error.name === 'TimeoutError') {
      return failed(name, `no answer in ${lookMs / 1000} s`, 'Check the network and the address, then try again.')
    }
    throw error
  }
}

const failed = (name: string, message: string, fix = 'Try again, and report it if it stays.'): Check => ({
  name,
  outcome: 'failed',
  message,
  fix,
})

const isCheck = (found: object): found is Check => 'outcome' in found && 'message' in found
