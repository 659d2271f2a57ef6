// Buckets as S3 shows them to one AWS identity: those that were named, or those of the account that hold Quilt packages; when none
// does, all that may be listed, for any of them can become a registry.
import { checkBucketName, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { Bucket, Buckets } from './backend.js'
import { isVersioned } from './bucket-versioning.js'
import type { CallOptions } from './call-options.js'
import { pageOf } from './cursor.js'
import type { S3Access, S3Call } from './objects/s3-access.js'
import { waitFor } from './once.js'
import { noBucket } from './packages/revisions.js'

export interface S3BucketsDeps {
  readonly s3: S3Access
  /** Names of registry buckets. Absent or empty: they are discovered. */
  readonly named?: readonly string[] | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const discoveryKeptMs = 300_000
const looksAtOnce = 16
const bucketsInPage = 1_000

/** Makes the buckets of one identity. */
export function s3Buckets({ s3, named = [], now }: S3BucketsDeps): Buckets {
  const names = [...new Set(named)]
  // Shared by all who ask at the same time; who leaves ends no more than the own wait.
  let discovery: { readonly names: Promise<readonly string[]>; untilMs: number } | undefined

  const discover = ({ signal, onProgress }: CallOptions): Promise<readonly string[]> => {
    if (discovery === undefined || now() >= discovery.untilMs) {
      const started = { names: registriesOfAccount(s3, { onProgress }), untilMs: Number.POSITIVE_INFINITY }
      discovery = started
      started.names.then(
        () => {
          started.untilMs = now() + discoveryKeptMs
        },
        () => {
          if (discovery === started) discovery = undefined
        },
      )
    }
    return waitFor(discovery.names, signal)
  }

  return {
    async list(page = {}) {
      page.signal?.throwIfAborted()
      const all = names.length > 0 ? names : await discover(page)
      return pageOf(
        all.map((name) => ({ name })),
        page,
      )
    },
    async get(name, { signal } = {}) {
      checkBucketName(name)
      return s3
        .run(`Looking up s3://${name}`, signal, (call) => lookUp(name, call))
        .catch((error: unknown) => {
          // Whoever named a bucket knows that it is there: they may read from it without the right to list it.
          if (isCode(error, 'forbidden') && names.includes(name)) return { name }
          if (isCode(error, 'forbidden') || isCode(error, 'not_found')) throw noBucket(name)
          throw error
        })
    },
  }
}

async function lookUp(name: string, call: S3Call): Promise<Bucket> {
  const { sdk, client, send } = call
  await client.send(new sdk.HeadBucketCommand({ Bucket: name }), send)
  const versioned = await isVersioned(name, call)
  return { name, ...(versioned === undefined ? {} : { versioned }) }
}

async function registriesOfAccount(s3: S3Access, { signal, onProgress }: CallOptions): Promise<readonly string[]> {
  const all = await s3
    .run('Listing the buckets of this account', signal, async ({ sdk, client, send }) => {
      const names: string[] = []
      let token: string | undefined
      do {
        // S3 names regions only to those who ask for pages.
        const position = token === undefined ? {} : { ContinuationToken: token }
        const page = await client.send(new sdk.ListBucketsCommand({ MaxBuckets: bucketsInPage, ...position }), send)
        for (const { Name = '', BucketRegion } of page.Buckets ?? []) {
          names.push(Name)
          s3.learnRegion(Name, BucketRegion)
        }
        token = page.ContinuationToken
      } while (token !== undefined && token !== '')
      return names
    })
    .catch((error: unknown) => {
      if (!isCode(error, 'forbidden')) throw error
      throw new QuiltError('forbidden', 'You may not list the buckets of this AWS account', {
        hint: 'Name the registry buckets yourself: --registry s3://bucket, or QUILT_REGISTRIES.',
        details: { reason: 'no-list-buckets' },
        cause: error,
      })
    })
  const atOnce = pLimit(looksAtOnce)
  let done = 0
  const looked = await Promise.all(
    all.map((name) =>
      atOnce(async () => {
        const holds = await holdsPackages(name, s3, signal)
        done += 1
        onProgress?.({ done, total: all.length, message: 'Looking for packages in buckets' })
        return { name, holds }
      }),
    ),
  )
  const registries = looked.filter(({ holds }) => holds === true)
  const open = looked.filter(({ holds }) => holds !== undefined)
  return (registries.length > 0 ? registries : open).map(({ name }) => name)
}

/** Undefined for a bucket that may not be listed: it is no registry for this identity, and no error of the list. */
async function holdsPackages(
  bucket: string,
  s3: S3Access,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  const look = s3.run(`Looking for packages in s3://${bucket}`, signal, ({ sdk, client, send }) =>
    client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: '.quilt/named_packages/', MaxKeys: 1 }), send),
  )
  try {
    return ((await look).KeyCount ?? 0) > 0
  } catch (error) {
    if (isCode(error, 'forbidden') || isCode(error, 'not_found')) return undefined
    throw error
  }
}

function isCode(error: unknown, code: QuiltError['code']): boolean {
  return error instanceof QuiltError && error.code === code
}
