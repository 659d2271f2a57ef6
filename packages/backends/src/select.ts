// Decides which backend serves this process, and keeps the trace of why (design 4). Opens nothing itself.
// HTTP mode never comes here: there the request's token decides.
import type { Backend, SelectionStep } from './backend.js'
import { type PlatformOptions, platformBackend } from './platform.js'
import { unauthenticatedBackend } from './unauthenticated.js'

/** Settings that are looked at; absent or empty ones count as not set. */
export type SelectOptions = Omit<PlatformOptions, 'token' | 'trace'> & { readonly token?: string | undefined }

/** Chooses the platform when a stack and a token are set, otherwise a backend that says what is missing.
 * @throws {QuiltError} `invalid_input` when a URL is malformed */
export function selectBackend(options: SelectOptions): Backend {
  const registryUrl = options.registryUrl || undefined
  const catalogUrl = options.catalogUrl || undefined
  const token = options.token || undefined
  const stackStep: SelectionStep =
    registryUrl === undefined && catalogUrl === undefined
      ? {
          looked: 'QUILT_CATALOG_URL, QUILT_REGISTRY_URL',
          outcome: 'missing',
          explanation:
            'Set QUILT_CATALOG_URL to the address of your Quilt catalog, or QUILT_REGISTRY_URL to that of its registry.',
        }
      : {
          looked: catalogUrl === undefined ? 'QUILT_REGISTRY_URL' : 'QUILT_CATALOG_URL',
          outcome: 'found',
          explanation: `The stack is ${catalogUrl ?? registryUrl}.`,
        }
  const tokenStep: SelectionStep =
    token === undefined
      ? {
          looked: 'QUILT_API_KEY',
          outcome: 'missing',
          explanation: 'Set QUILT_API_KEY to an API key from your Quilt catalog.',
        }
      : { looked: 'QUILT_API_KEY', outcome: 'found', explanation: 'A token is set.' }
  const trace = [stackStep, tokenStep]
  if (token === undefined || stackStep.outcome === 'missing') return unauthenticatedBackend({ trace })
  const chosen: SelectionStep = { looked: 'platform', outcome: 'chosen', explanation: 'A stack and a token are set.' }
  return platformBackend({ ...options, registryUrl, catalogUrl, token, trace: [...trace, chosen] })
}
