// Writes of a bucket that only hold when nobody else wrote meanwhile. S3 decides it by If-None-Match and If-Match. Stores that know no
// such conditions say so, or take no notice: there what is there is looked at first, which leaves a short race.
import { QuiltError } from '@quilt-mcp/core'
import type { WriteCondition } from '../../objects/put-request.js'
import { s3Failure } from '../../objects/s3-error.js'
import { pauseFor } from '../../pause.js'
import type { StoredInfo } from './registry-store.js'
import { hasMoved } from './store-conflicts.js'

/** One write. */
export interface ConditionalWrite<T> {
  /** URL of the object, for messages. */
  readonly name: string
  /** As in `WriteStoredOptions`. */
  readonly expected: string | null | undefined
  readonly signal: AbortSignal | undefined
  /** What is there now. */
  look(): Promise<StoredInfo | undefined>
  /** The outcome, when what is there now is what this write makes. */
  done(): Promise<T | undefined>
  /** Does it. The request that makes it visible must pass through `commit`. */
  send(commit: Commit): Promise<T>
  /** Whether `send` may be called again. */
  readonly repeatable: boolean
}

export type Commit = <T>(request: (condition: WriteCondition) => Promise<T>) => Promise<T>

/** Writes of one bucket. */
export interface ConditionalWrites {
  /** @throws {QuiltError} `conflict` when `expected` does not hold */
  write<T>(write: ConditionalWrite<T>): Promise<T>
}

const attempts = 3
const pauseMs = 200

/** @param honoured whether the store is known to decide conditions itself */
export function conditionalWrites({ honoured }: { readonly honoured: boolean }): ConditionalWrites {
  let refused = false

  const check = async <T>({ name, expected, look }: ConditionalWrite<T>): Promise<void> => {
    let found: StoredInfo | undefined
    try {
      found = await look()
    } catch (error) {
      // Without ListBucket S3 does not tell a missing key: then its own decision must do.
      if (!refused && error instanceof QuiltError && error.code === 'forbidden') return
      throw error
    }
    if ((found?.etag ?? null) !== expected) throw hasMoved(name)
  }

  const commitOf =
    <T>(write: ConditionalWrite<T>): Commit =>
    async (request) => {
      if (refused) return request({})
      try {
        return await request(write.expected === null ? { IfNoneMatch: '*' } : { IfMatch: `"${write.expected}"` })
      } catch (error) {
        if (s3Failure(error)?.status !== 501) throw error
        refused = true
        await check(write)
        return request({})
      }
    }

  return {
    async write(write) {
      const { name, expected, signal } = write
      if (expected === undefined) return write.send((request) => request({}))
      for (let attempt = 1; ; attempt += 1) {
        if (refused || !honoured) await check(write)
        try {
          return await write.send(commitOf(write))
        } catch (error) {
          if (signal?.aborted || !(error instanceof QuiltError)) throw error
          if (error.code === 'conflict' || error.details?.s3 === 'NoSuchKey') throw hasMoved(name, error)
          if (!error.retryable) throw error
          // The answer may have been lost, not the write.
          const done = await write.done()
          if (done !== undefined) return done
          if (((await write.look())?.etag ?? null) !== expected) throw hasMoved(name, error)
          if (attempt === attempts || !write.repeatable) throw error
          await pauseFor(pauseMs * attempt, signal)
        }
      }
    },
  }
}
