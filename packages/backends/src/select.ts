// Decides which backend serves this process, and keeps the trace of why (design 4). Looks, and opens nothing itself.
// HTTP mode never comes here: there the request's token decides.
import type { Backend, SelectionStep } from './backend.js'
import { unauthenticatedBackend } from './unauthenticated.js'
import { type BackendChoice, type SelectOptions, type WayIn, waysIn } from './ways-in.js'

/** Chooses the first backend that can serve; one that says what is missing when none can. The order: a token, a Quilt session, AWS
 * credentials, a local registry.
 * @throws {QuiltError} `invalid_input` when a setting is malformed */
export async function selectBackend(options: SelectOptions): Promise<Backend> {
  const { backend: choice = 'auto' } = options
  const trace: SelectionStep[] = []
  if (choice !== 'auto') trace.push(asked(choice))
  for (const way of waysIn(options).filter(({ name }) => choice === 'auto' || choice === name)) {
    const found = await way.look()
    trace.push(...found.steps)
    if (found.open === undefined) continue
    trace.push(chosen(way, found.because))
    return { ...(await found.open()), trace }
  }
  return unauthenticatedBackend({ trace })
}

const asked = (choice: Exclude<BackendChoice, 'auto'>): SelectionStep => ({
  looked: 'QUILT_BACKEND',
  outcome: 'found',
  explanation: `Only the ${choice} backend may serve; auto (or no --backend) takes the first that can.`,
})

const chosen = ({ name }: WayIn, because: string): SelectionStep => ({
  looked: name,
  outcome: 'chosen',
  explanation: because,
})
