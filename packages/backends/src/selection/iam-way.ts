// The AWS identity of this machine; without one, buckets that were named and that the public may read.
import type { SelectionStep } from '../backend.js'
import { type AwsCredentialsFound, findAwsCredentials } from '../credentials/find-aws.js'
import { iamBackend } from '../iam.js'
import { namedRegistries } from './named-registries.js'
import type { Finding, WayIn, WayOptions } from './way-in.js'

export const iamWay = (options: WayOptions): WayIn => ({
  name: 'iam',
  async look() {
    const { surroundings } = options
    if (surroundings === undefined) return { steps: [] }
    const { env, homeDir } = surroundings
    const aws = { env, homeDir, profile: options.awsProfile || undefined }
    const { buckets } = namedRegistries(options.registries)
    const found = await findAwsCredentials(aws)
    const steps = [credentialsStep(found), ...bucketsStep(buckets)]
    const because = reasonToServe(found, buckets)
    if (because === undefined) return { steps }
    const { awsRegion: region, s3Endpoint, requesterPays, http, indexes, unfinishedUploads, now } = options
    const { searchFolder, searchContent } = options
    const open = () =>
      iamBackend({
        ...aws,
        region,
        s3Endpoint,
        buckets,
        requesterPays,
        http,
        indexes,
        unfinishedUploads,
        searchFolder,
        searchContent,
        now,
      })
    return { steps, way: { because, open } } satisfies Finding
  },
})

const unusable: ReadonlySet<AwsCredentialsFound['kind']> = new Set(['none', 'unknown-profile', 'unreadable'])

const credentialsStep = ({ kind, explanation }: AwsCredentialsFound): SelectionStep => ({
  looked: 'AWS credentials',
  outcome: unusable.has(kind) ? 'missing' : 'found',
  explanation,
})

const bucketsStep = (buckets: readonly string[]): readonly SelectionStep[] =>
  buckets.length === 0
    ? []
    : [{ looked: 'QUILT_REGISTRIES', outcome: 'found', explanation: `Buckets are named: ${buckets.join(', ')}.` }]

/** Why it can serve; undefined when it cannot. Settings that are wrong are not passed over in silence for the public's rights. */
function reasonToServe({ kind }: AwsCredentialsFound, buckets: readonly string[]): string | undefined {
  if (!unusable.has(kind)) return 'There are AWS credentials.'
  if (kind === 'none' && buckets.length > 0) {
    return 'Buckets are named; without AWS credentials only what the public may read can be read.'
  }
  return undefined
}
