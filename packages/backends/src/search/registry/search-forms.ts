// Which form of search a registry understands: found once, kept for all who ask. What is kept names registries and nobody.
import { QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'

/** `ordering`: as formats.md 7.5; `order`: packages in the few orders of older stacks; `rest`: only `/api/search` (formats.md 6.3). */
export type SearchForm = 'ordering' | 'order' | 'rest'

/** Shared by the backends of a process. */
export interface SearchForms {
  /** Undefined while nothing is known of a stack. @param stack what it is called */
  of(stack: string): SearchForm | undefined
  remember(stack: string, form: SearchForm): void
}

const stacksKept = 1_000

/** Makes it, with nothing known yet. */
export function createSearchForms(): SearchForms {
  const known = new LRUCache<string, SearchForm>({ max: stacksKept })
  return {
    of: (stack) => known.get(stack),
    remember: (stack, form) => {
      known.set(stack, form)
    },
  }
}

/** Whether a failure may mean that the registry does not know what it was asked: it says so, or breaks on it. */
export function maybeUnknownForm(error: unknown): error is QuiltError {
  if (!(error instanceof QuiltError)) return false
  return Array.isArray(error.details?.errors) ? error.code !== 'invalid_input' : error.details?.status === 500
}

/** Whether a registry says that it has no such search at all. GraphQL servers have one sentence for it, and no code. */
export function hasNoSearch(error: unknown): boolean {
  if (!maybeUnknownForm(error)) return false
  const messages = Array.isArray(error.details?.errors) ? error.details.errors : []
  return messages.some((message) => /Cannot query field \W?search(?:More)?(?:Packages|Objects)\b/.test(String(message)))
}
