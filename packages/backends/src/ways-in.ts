// The four ways to reach Quilt data, in the order in which they are tried, each with how it is looked for. The backends themselves
// are loaded when their way is the one.
import type { Backend, BackendName, SelectionStep } from './backend.js'
import type { PlatformOptions } from './platform.js'
import { platformBackend } from './platform.js'
import type { Surroundings } from './surroundings.js'

export type BackendChoice = 'auto' | Exclude<BackendName, 'unauthenticated'>

/** Settings that are looked at; absent or empty ones count as not set. */
export interface SelectOptions extends Omit<PlatformOptions, 'token' | 'trace'> {
  /** Default `auto`: the first that can. */
  readonly backend?: BackendChoice | undefined
  readonly token?: string | undefined
  /** Whether a Quilt session may serve. Default true. */
  readonly useSession?: boolean | undefined
  /** `s3://bucket`, names of buckets, and `file:///path`. */
  readonly registries?: readonly string[] | undefined
  /** Folder of the local registry, as path or `file://` URL. */
  readonly localRegistry?: string | undefined
  readonly awsProfile?: string | undefined
  readonly awsRegion?: string | undefined
  /** Buckets whose requests the caller pays. */
  readonly requesterPays?: readonly string[] | undefined
  /** Where sessions, AWS credentials and local registries are looked for. Absent: none is. */
  readonly surroundings?: Surroundings | undefined
}

/** What a look came to. */
type Found =
  | { readonly steps: readonly SelectionStep[]; readonly open?: undefined }
  | {
      readonly steps: readonly SelectionStep[]
      /** Why it can serve, in one sentence. */
      readonly because: string
      open(): Backend | Promise<Backend>
    }

export interface WayIn {
  readonly name: Exclude<BackendName, 'unauthenticated'>
  look(): Promise<Found>
}

/** The ways that these settings allow to look for, best first. */
export function waysIn(options: SelectOptions): readonly WayIn[] {
  return [platformWay(options)]
}

function platformWay(options: SelectOptions): WayIn {
  const registryUrl = options.registryUrl || undefined
  const catalogUrl = options.catalogUrl || undefined
  const token = options.token || undefined
  const steps = [stackStep({ registryUrl, catalogUrl }), tokenStep(token)]
  return {
    name: 'platform',
    async look() {
      if (token === undefined || (registryUrl === undefined && catalogUrl === undefined)) return { steps }
      return {
        steps,
        because: 'A stack and a token are set.',
        open: () => platformBackend({ ...options, registryUrl, catalogUrl, token }),
      }
    },
  }
}

function stackStep({ registryUrl, catalogUrl }: Pick<SelectOptions, 'registryUrl' | 'catalogUrl'>): SelectionStep {
  const url = catalogUrl ?? registryUrl
  if (url === undefined) {
    return {
      looked: 'QUILT_CATALOG_URL, QUILT_REGISTRY_URL',
      outcome: 'missing',
      explanation:
        'Set QUILT_CATALOG_URL to the address of your Quilt catalog, or QUILT_REGISTRY_URL to that of its registry.',
    }
  }
  return {
    looked: catalogUrl === undefined ? 'QUILT_REGISTRY_URL' : 'QUILT_CATALOG_URL',
    outcome: 'found',
    explanation: `The stack is ${url}.`,
  }
}

const tokenStep = (token: string | undefined): SelectionStep =>
  token === undefined
    ? {
        looked: 'QUILT_API_KEY',
        outcome: 'missing',
        explanation: 'Set QUILT_API_KEY to an API key from your Quilt catalog.',
      }
    : { looked: 'QUILT_API_KEY', outcome: 'found', explanation: 'A token is set.' }
