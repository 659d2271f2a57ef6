// What the variables of our templates may be: buckets, workflows, packages and paths that the caller sees.
import type { Completer, Completions } from '../mcp/define-resource.js'

/** Values in one answer. */
const mostValues = 100
/** Buckets and paths that are looked through. */
const lookedThrough = 1_000

const none: Completions = { values: [], hasMore: false }

/** Buckets of the caller whose names have the typed text in them, those that begin with it first. */
export const bucketNames: Completer = async ({ backend, signal }, typed) => {
  const page = await backend.buckets.list({ limit: lookedThrough, signal })
  const names = page.items.map(({ name }) => name)
  return { ...matching(names, typed), ...(page.cursor !== undefined && { total: undefined, hasMore: true }) }
}

/** Ids of the workflows of the bucket, in the order of its config. */
export const workflowIds: Completer = async ({ backend, signal }, typed, { bucket }) => {
  if (bucket === undefined) return none
  const config = await backend.packages.workflowConfig(bucket, { signal })
  return matching([...(config?.workflows.keys() ?? [])], typed)
}

/** Packages of the bucket whose names have the typed text in them. */
export const packageNames: Completer = async ({ backend, signal }, typed, { bucket }) => {
  if (bucket === undefined) return none
  const part = typed.replace(/[*?]/g, '')
  const filter = part === '' ? undefined : part
  const { items, total, cursor } = await backend.packages.list(bucket, { limit: mostValues, filter, signal })
  return { values: items.map(({ name }) => name), total, hasMore: cursor !== undefined }
}

/** Files and directories (with `/`) of the package's latest revision, one level below what is typed. */
export const paths: Completer = async ({ backend, signal }, typed, { bucket, name }) => {
  if (bucket === undefined || name === undefined) return none
  const revision = await backend.packages.resolve({ bucket, name }, 'latest', { signal })
  const reader = await backend.packages.open(revision, { signal })
  const directory = typed.slice(0, typed.lastIndexOf('/') + 1)
  const page = await reader.dir(directory.replace(/\/$/, ''), { limit: lookedThrough, signal })
  const found = page.items.map(({ logicalKey }) => logicalKey).filter((key) => key.startsWith(typed))
  return { values: found.slice(0, mostValues), hasMore: found.length > mostValues || page.cursor !== undefined }
}

/** The names that have the typed text in them, those first that begin with it. */
export function matching(names: readonly string[], typed: string): Completions {
  const text = typed.toLowerCase()
  const found = names.filter((name) => name.toLowerCase().includes(text))
  const first = found.filter((name) => name.toLowerCase().startsWith(text))
  const values = [...first, ...found.filter((name) => !first.includes(name))]
  return { values: values.slice(0, mostValues), total: values.length, hasMore: values.length > mostValues }
}
