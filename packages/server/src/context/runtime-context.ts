// What is known about the request that is being served, for whoever runs inside it (design 3). Held by AsyncLocalStorage:
// two requests never see each other's, however they interleave.
import { AsyncLocalStorage } from 'node:async_hooks'
import { QuiltError } from '@quilt-mcp/core'
import type { Log } from './log.js'
import { requestIdOf } from './request-id.js'

/** Where the server runs and how the caller was told apart: `desktop` outside of any request, `desktop-stdio` for the user of this
 * machine, `web-unauthenticated` for an HTTP request whose token is not verified yet, `web-jwt` once it is, of whatever kind. */
export type RuntimeEnvironment = 'desktop' | 'desktop-stdio' | 'web-unauthenticated' | 'web-jwt'

/** The caller's credential. */
export interface RuntimeAuth {
  readonly scheme: 'jwt' | 'bearer' | 'api-key' | 'session'
  readonly accessToken: string
  /** Verified claims only. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly extras: Readonly<Record<string, unknown>>
}

export interface RuntimeContext {
  readonly environment: RuntimeEnvironment
  readonly auth?: RuntimeAuth | undefined
  readonly metadata: Readonly<Record<string, unknown>>
  readonly requestId: string
  readonly signal: AbortSignal
  readonly log: Log
}

/** What a context knows now, and what of its metadata was there before anybody was authenticated. */
interface Held {
  current: RuntimeContext
  anonymousMetadata: RuntimeContext['metadata']
}

const storage = new AsyncLocalStorage<Held>()

/** Runs a function inside a context. The context outside is back when it returns, throws or awaits; changes made inside stay inside.
 * A generator that the function returns is stepped by its consumer, in the consumer's context: see {@link iterateInContext}. */
export const runInContext = <T>(context: RuntimeContext, fn: () => T): T => storage.run(heldOf(context), fn)

/** Iterates inside a context: each step of the source runs in it, and nothing of it is seen between the steps.
 * @param open makes the source, at the first step; a consumer that stops early stops the source too */
export async function* iterateInContext<T>(context: RuntimeContext, open: () => AsyncIterable<T>): AsyncGenerator<T> {
  const held = heldOf(context)
  const source = storage.run(held, () => open()[Symbol.asyncIterator]())
  let left = false
  try {
    for (;;) {
      const step = await storage.run(held, () => source.next())
      if (step.done === true) return
      left = true
      yield step.value
      left = false
    }
  } finally {
    if (left) await storage.run(held, () => source.return?.())
  }
}

/** The context of the request that is being served. @throws {QuiltError} `internal` outside of one */
export const getRuntimeContext = (): RuntimeContext => holder().current

/** Where this code runs: the context's environment; `desktop` outside of any request. */
export const getRuntimeEnvironment = (): RuntimeEnvironment => storage.getStore()?.current.environment ?? 'desktop'

/** The id of the request that is being served; outside of one a new id. */
export const runtimeRequestId = (): string => storage.getStore()?.current.requestId ?? requestIdOf(undefined)

/** The credential of the caller; undefined outside of a request or without one. */
export const getRuntimeAuth = (): RuntimeAuth | undefined => storage.getStore()?.current.auth

/** Notes that the caller's credential was verified: `web-unauthenticated` becomes `web-jwt`. Other environments stay what they are.
 * @param metadata what the verification found out; {@link clearRuntimeAuth} takes it away again
 * @throws {QuiltError} `internal` outside of a context */
export function authenticateRuntime(auth: RuntimeAuth, metadata: RuntimeContext['metadata'] = {}): void {
  const held = holder()
  const { current } = held
  held.current = {
    ...current,
    environment: current.environment === 'web-unauthenticated' ? 'web-jwt' : current.environment,
    auth,
    metadata: { ...current.metadata, ...metadata },
  }
}

/** Replaces the credential, for this context alone; says nothing about whether it was verified.
 * @throws {QuiltError} `internal` outside of a context */
export function setRuntimeAuth(auth: RuntimeAuth): void {
  const held = holder()
  held.current = { ...held.current, auth }
}

/** Removes the credential, for this context alone, and all that came with it: `web-jwt` becomes `web-unauthenticated` again, and
 * metadata that was added while there was a credential goes. @throws {QuiltError} `internal` outside of a context */
export function clearRuntimeAuth(): void {
  const held = holder()
  const { current } = held
  held.current = {
    ...current,
    environment: current.environment === 'web-jwt' ? 'web-unauthenticated' : current.environment,
    auth: undefined,
    metadata: held.anonymousMetadata,
  }
}

/** Adds to the metadata, for this context alone. @throws {QuiltError} `internal` outside of a context */
export function updateRuntimeMetadata(metadata: RuntimeContext['metadata']): void {
  const held = holder()
  held.current = { ...held.current, metadata: { ...held.current.metadata, ...metadata } }
  if (held.current.auth === undefined) held.anonymousMetadata = held.current.metadata
}

/** A context that begins with a credential has no metadata without one. */
const heldOf = (context: RuntimeContext): Held => ({
  current: context,
  anonymousMetadata: context.auth === undefined ? context.metadata : {},
})

function holder(): Held {
  const held = storage.getStore()
  if (!held) throw new QuiltError('internal', 'there is no request here: runInContext was not called')
  return held
}
