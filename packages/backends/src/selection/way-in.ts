// What a way to Quilt data is for the selection: a look that opens nothing, and how it is opened when it is the one.
import type { Backend, BackendName, SelectionStep } from '../backend.js'
import type { HttpClient } from '../http/client.js'
import type { PlatformOptions } from '../platform.js'
import type { Surroundings } from '../surroundings.js'

type ServingBackend = Exclude<BackendName, 'unauthenticated'>
export type BackendChoice = 'auto' | ServingBackend

/** Settings that are looked at; absent or empty ones count as not set. */
export interface SelectOptions extends Omit<PlatformOptions, 'token' | 'trace' | 'http'> {
  /** Default `auto`: the first that can. */
  readonly backend?: BackendChoice | undefined
  readonly token?: string | undefined
  /** Whether quilt3's files of a sign-in are looked at. Default true. */
  readonly useSession?: boolean | undefined
  /** `s3://bucket`, names of buckets, and `file:///path`. */
  readonly registries?: readonly string[] | undefined
  /** Folder of the local registry, as path or `file://` URL. */
  readonly localRegistry?: string | undefined
  readonly awsProfile?: string | undefined
  readonly awsRegion?: string | undefined
  /** Buckets whose requests the caller pays. */
  readonly requesterPays?: readonly string[] | undefined
  /** Folder of the search indexes of the local and iam backends. */
  readonly searchFolder?: string | undefined
  /** Whether those index the text of small text files. Default false. */
  readonly searchContent?: boolean | undefined
  /** Where sessions, AWS credentials and local registries are looked for. Absent: none is. */
  readonly surroundings?: Surroundings | undefined
  /** Shared by all backends of a process. Holds no identity. Default: one of its own. */
  readonly http?: HttpClient | undefined
}

/** The settings as the ways look at them. */
export interface WayOptions extends SelectOptions {
  readonly http: HttpClient
}

/** What a look came to. */
export interface Finding {
  /** What was looked at, in order; what is missing says how to set it. */
  readonly steps: readonly SelectionStep[]
  /** Absent: this way is closed. */
  readonly way?: {
    /** Why it can serve, in one sentence. */
    readonly because: string
    open(): Backend | Promise<Backend>
  }
}

export interface WayIn {
  readonly name: ServingBackend
  /** @throws {QuiltError} `invalid_input` when a setting is malformed */
  look(): Promise<Finding>
}
