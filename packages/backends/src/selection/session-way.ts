// A sign-in of this user, kept where quilt3 keeps it; or a token in its place, when the session backend is asked for by name.
import { findSession } from '../credentials/find-session.js'
import { sessionBackend } from '../session.js'
import type { WayIn, WayOptions } from './way-in.js'

export const sessionWay = (options: WayOptions): WayIn => ({
  name: 'session',
  async look() {
    const {
      surroundings,
      useSession = true,
      s3Endpoint,
      requesterPays,
      http,
      indexes,
      unfinishedUploads,
      now,
    } = options
    if (surroundings === undefined) return { steps: [] }
    const token = (options.backend === 'session' && options.token) || undefined
    if (!useSession && token === undefined) return { steps: [switchedOff] }
    const { session, explanation } = await findSession({
      ...surroundings,
      registryUrl: options.registryUrl || undefined,
      catalogUrl: options.catalogUrl || undefined,
      token,
      http,
    })
    const looked = token === undefined ? 'Quilt session' : 'QUILT_API_KEY'
    if (session === undefined) return { steps: [{ looked, outcome: 'missing', explanation }] }
    return {
      steps: [{ looked, outcome: 'found', explanation }],
      way: {
        because: token === undefined ? 'You are signed in.' : 'A token is set, and a stack.',
        open: () =>
          sessionBackend({ session, token, s3Endpoint, requesterPays, http, indexes, unfinishedUploads, now }),
      },
    }
  },
})

const switchedOff = {
  looked: 'QUILT_DISABLE_QUILT3_SESSION',
  outcome: 'missing',
  explanation: 'Quilt sessions are switched off: unset it to use a sign-in.',
} as const
