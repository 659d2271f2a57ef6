// A token in the settings: the platform of the stack that they name, or else of quilt3's settings.
import { QuiltError } from '@quilt-mcp/core'
import type { SelectionStep } from '../backend.js'
import { findQuilt3Stack } from '../credentials/find-session.js'
import { platformBackend } from '../platform.js'
import type { WayIn, WayOptions } from './way-in.js'

export const platformWay = (options: WayOptions): WayIn => ({
  name: 'platform',
  async look() {
    const token = options.token || undefined
    const stack = await stackOf(options, { wanted: token !== undefined })
    const steps = [stack.step, tokenStep(token)]
    const { urls } = stack
    if (token === undefined || urls === undefined) return { steps }
    const open = () => platformBackend({ ...options, ...urls, token })
    return { steps, way: { because: 'A stack and a token are set.', open } }
  },
})

interface FoundStack {
  readonly step: SelectionStep
  readonly urls?: { readonly registryUrl: string | undefined; readonly catalogUrl: string | undefined }
}

async function stackOf(options: WayOptions, { wanted }: { readonly wanted: boolean }): Promise<FoundStack> {
  const registryUrl = options.registryUrl || undefined
  const catalogUrl = options.catalogUrl || undefined
  if (registryUrl !== undefined || catalogUrl !== undefined) {
    const looked = catalogUrl === undefined ? 'QUILT_REGISTRY_URL' : 'QUILT_CATALOG_URL'
    const explanation = `The stack is ${catalogUrl ?? registryUrl}.`
    return { step: { looked, outcome: 'found', explanation }, urls: { registryUrl, catalogUrl } }
  }
  return (wanted ? await stackOfQuilt3(options) : undefined) ?? { step: noStack }
}

const noStack: SelectionStep = {
  looked: 'QUILT_CATALOG_URL, QUILT_REGISTRY_URL',
  outcome: 'missing',
  explanation:
    'Set QUILT_CATALOG_URL to the address of your Quilt catalog, or QUILT_REGISTRY_URL to that of its registry.',
}

/** The stack of `quilt3 config`, which a token may be meant for. */
async function stackOfQuilt3({ surroundings, useSession = true }: WayOptions): Promise<FoundStack | undefined> {
  if (surroundings === undefined || !useSession) return undefined
  const looked = 'config.yml of quilt3'
  try {
    const { registryUrl, catalogUrl } = await findQuilt3Stack(surroundings)
    if (registryUrl === undefined && catalogUrl === undefined) return undefined
    const explanation = `The stack is ${catalogUrl ?? registryUrl}.`
    return { step: { looked, outcome: 'found', explanation }, urls: { registryUrl, catalogUrl } }
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    return { step: { looked, outcome: 'missing', explanation: [error.message, error.hint].filter(Boolean).join('. ') } }
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
