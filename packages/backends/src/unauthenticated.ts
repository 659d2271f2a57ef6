// The backend of someone who has not said who they are: it can only tell how to.
import { QuiltError } from '@quilt-mcp/core'
import type { Backend, SelectionStep } from './backend.js'

/** A backend whose every call throws `unauthenticated`, with what was looked at and how to set it. */
export function unauthenticatedBackend({ trace }: { readonly trace: readonly SelectionStep[] }): Backend {
  const refuse = async (): Promise<never> => {
    const missing = trace.filter(({ outcome }) => outcome === 'missing')
    throw new QuiltError('unauthenticated', 'Quilt MCP is not connected to a Quilt stack', {
      hint: missing.map(({ looked, explanation }) => `${looked}: ${explanation}`).join('\n'),
      details: { trace },
      nextTools: ['catalog_status'],
    })
  }
  async function* refuseWhenIterated(): AsyncGenerator<never, void, undefined> {
    yield await refuse()
  }
  return {
    name: 'unauthenticated',
    trace,
    identity: refuse,
    buckets: { list: refuse, get: refuse },
    objects: { list: refuse, keys: refuseWhenIterated, info: refuse, read: refuse, put: refuse },
    links: { link: refuse },
    uploads: { begin: refuse, complete: refuse, abort: refuse },
    roles: { switch: refuse },
    search: { search: refuse },
    packages: {
      list: refuse,
      revisions: refuse,
      resolve: refuse,
      open: refuse,
      push: refuse,
      check: refuse,
      workflowConfig: refuse,
      workflowSchema: refuse,
      remove: refuse,
    },
    close: async () => {},
  }
}
