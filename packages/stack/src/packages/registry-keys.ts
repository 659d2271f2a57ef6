// Where a bucket keeps its packages: layout version 1 (formats.md 1.1).
import { isPackageName } from '@quilt-mcp/core'

export const namedPackagesPrefix = '.quilt/named_packages/'
export const latestTag = 'latest'
export const workflowConfigKey = '.quilt/workflows/config.yml'

/** Key of a manifest. */
export const manifestKey = (topHash: string): string => `.quilt/packages/${topHash}`

/** What the keys of all pointers of a package begin with. */
export const pointerPrefix = (name: string): string => `${namedPackagesPrefix}${name}/`

/** Key of one pointer: a Unix time in seconds, or a tag. */
export const pointerKey = (name: string, pointer: string): string => pointerPrefix(name) + pointer

/** The package and the pointer that a key is of. Undefined when it is of none. */
export function pointerOfKey(key: string): { readonly name: string; readonly pointer: string } | undefined {
  const [namespace = '', base = '', pointer = '', ...more] = key.slice(namedPackagesPrefix.length).split('/')
  const name = `${namespace}/${base}`
  return more.length === 0 && pointer !== '' && isPackageName(name) ? { name, pointer } : undefined
}

/** The second that a revision's pointer is named with. Undefined for a tag. */
export function secondsOf(pointer: string): number | undefined {
  return /^[1-9]\d{0,11}$/.test(pointer) ? Number(pointer) : undefined
}
