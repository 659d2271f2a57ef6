// Decides which backend serves this process, and keeps the trace of why (design 4). Looks, and opens nothing itself.
// HTTP mode never comes here: there the request's token decides.
import type { Backend, SelectionStep } from './backend.js'
import { createHttpClient } from './http/client.js'
import { iamWay } from './selection/iam-way.js'
import { localWay, namesLocalRegistry } from './selection/local-way.js'
import { platformWay } from './selection/platform-way.js'
import { sessionWay } from './selection/session-way.js'
import type { BackendChoice, SelectOptions, WayIn, WayOptions } from './selection/way-in.js'
import { unauthenticatedBackend } from './unauthenticated.js'

/** The ways to Quilt data, best first. */
const waysIn = (options: WayOptions): readonly WayIn[] => [
  platformWay(options),
  sessionWay(options),
  iamWay(options),
  localWay(options),
]

/** Chooses the first backend that can serve; one that says what is missing when none can.
 * @throws {QuiltError} `invalid_input` when a setting is malformed */
export async function selectBackend(options: SelectOptions): Promise<Backend> {
  const { backend: choice = 'auto', http = createHttpClient() } = options
  const trace: SelectionStep[] = choice === 'auto' ? [] : [asked(choice)]
  const wayOptions: WayOptions = { ...options, http }
  for (const { name, look } of waysIn(wayOptions)) {
    if (choice !== 'auto' && choice !== name) continue
    const { steps, way } = await look()
    trace.push(...steps)
    if (way === undefined) continue
    if (choice === 'auto' && name !== 'local' && namesLocalRegistry(wayOptions)) trace.push(localIsNamed)
    trace.push({ looked: name, outcome: 'chosen', explanation: way.because })
    return { ...(await way.open()), trace }
  }
  return unauthenticatedBackend({ trace })
}

const asked = (choice: BackendChoice): SelectionStep => ({
  looked: 'QUILT_BACKEND',
  outcome: 'found',
  explanation: `Only the ${choice} backend may serve; auto takes the first that can.`,
})

const localIsNamed: SelectionStep = {
  looked: 'QUILT_LOCAL_REGISTRY',
  outcome: 'found',
  explanation: 'A local registry is named, too: --backend local (QUILT_BACKEND=local) takes it.',
}
