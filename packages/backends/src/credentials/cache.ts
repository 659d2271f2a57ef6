// One exchange per (token, role) in a process: kept until shortly before it expires, shared while it runs.
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { waitFor } from '../once.js'
import type { AwsCredentials, ExchangeOutcome } from './outcome.js'

/** Whose outcomes are kept: a token means nothing but at its stack. */
interface CredentialHolder {
  readonly stack: string
  readonly token: string
}

/** Keeps outcomes of exchanges. Keys are hashes: no token is held. */
export interface CredentialCache {
  keyOf(principal: CredentialHolder & { readonly role?: string | undefined }): string
  /** The kept outcome, or that of `load`. A caller's abort ends its own wait only. Failures are not kept. */
  get(key: string, load: () => Promise<ExchangeOutcome>, signal?: AbortSignal): Promise<ExchangeOutcome>
  /** Forgets these credentials, not newer ones that replaced them meanwhile. */
  drop(key: string, credentials: AwsCredentials): void
  /** Forgets all outcomes of a token, whatever the role, refusals too. Of an exchange that is under way those who wait for it have the
   * outcome; nobody after them. */
  dropAll(holder: CredentialHolder): void
}

export interface CredentialCacheOptions {
  /** Principals kept; the least recently used leaves. Default 10,000. */
  readonly max?: number | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

const refreshBeforeMs = 300_000
const refusalKeptMs = 60_000

interface Slot {
  outcome: Promise<ExchangeOutcome>
  /** Infinity while the exchange runs. */
  staleAtMs: number
  credentials?: AwsCredentials
}

/** Makes the cache. Share one in a process. */
export function createCredentialCache({ max = 10_000, now = Date.now }: CredentialCacheOptions = {}): CredentialCache {
  const slots = new LRUCache<string, Slot>({ max })

  const start = (key: string, load: () => Promise<ExchangeOutcome>): Slot => {
    const slot: Slot = { outcome: load(), staleAtMs: Number.POSITIVE_INFINITY }
    slot.outcome.then(
      (outcome) => {
        slot.staleAtMs = staleAt(outcome, now())
        if (outcome.kind === 'credentials') slot.credentials = outcome.credentials
      },
      () => {
        if (slots.peek(key) === slot) slots.delete(key)
      },
    )
    slots.set(key, slot)
    return slot
  }

  return {
    keyOf: ({ role, ...holder }) => `${hashOf(holderOf(holder))}.${hashOf(role ?? null)}`,
    async get(key, load, signal) {
      signal?.throwIfAborted()
      const kept = slots.get(key)
      const slot = kept !== undefined && now() < kept.staleAtMs ? kept : start(key, load)
      return waitFor(slot.outcome, signal)
    },
    drop(key, credentials) {
      if (slots.peek(key)?.credentials?.accessKeyId === credentials.accessKeyId) slots.delete(key)
    },
    dropAll(holder) {
      const start = `${hashOf(holderOf(holder))}.`
      for (const key of [...slots.keys()]) if (key.startsWith(start)) slots.delete(key)
    },
  }
}

const holderOf = ({ stack, token }: CredentialHolder) => [stack, token]
const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

/** Five minutes before the end; for credentials that live less than ten, at half their life: else each call would exchange again. */
function staleAt(outcome: ExchangeOutcome, nowMs: number): number {
  if (outcome.kind === 'refused') return nowMs + refusalKeptMs
  const { expiresAtMs = Number.POSITIVE_INFINITY } = outcome.credentials
  // Issued just now and over already: our clock is wrong. AWS will refuse them when they are, and then they are dropped.
  if (expiresAtMs <= nowMs) return nowMs + refreshBeforeMs
  return expiresAtMs - Math.min(refreshBeforeMs, (expiresAtMs - nowMs) / 2)
}
