// What is known about the request that is being served, for whoever runs inside it (design 3). Held by AsyncLocalStorage:
// two requests never see each other's, however they interleave.
import { AsyncLocalStorage } from 'node:async_hooks'
import { QuiltError } from '@quilt-mcp/core'
import type { Log } from './log.js'

/** Where the server runs and how the caller was told apart. */
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

const storage = new AsyncLocalStorage<{ current: RuntimeContext }>()

/** Runs a function inside a context. The context outside is back when it returns, throws or awaits. */
export const runInContext = <T>(context: RuntimeContext, fn: () => T): T => storage.run({ current: context }, fn)

/** The context of the request that is being served. @throws {QuiltError} `internal` outside of one */
export function getRuntimeContext(): RuntimeContext {
  return holder().current
}

/** The credential of the caller; undefined outside of a request or without one. */
export const getRuntimeAuth = (): RuntimeAuth | undefined => storage.getStore()?.current.auth

/** Replaces the credential, for this context alone. @throws {QuiltError} `internal` outside of one */
export function setRuntimeAuth(auth: RuntimeAuth): void {
  const held = holder()
  held.current = { ...held.current, auth }
}

/** Removes the credential, for this context alone. @throws {QuiltError} `internal` outside of one */
export function clearRuntimeAuth(): void {
  const held = holder()
  held.current = { ...held.current, auth: undefined }
}

/** Adds to the metadata, for this context alone. @throws {QuiltError} `internal` outside of one */
export function updateRuntimeMetadata(metadata: Readonly<Record<string, unknown>>): void {
  const held = holder()
  held.current = { ...held.current, metadata: { ...held.current.metadata, ...metadata } }
}

function holder(): { current: RuntimeContext } {
  const held = storage.getStore()
  if (!held) throw new QuiltError('internal', 'there is no request here: runInContext was not called')
  return held
}
