// Where a registry keeps its packages: layout version 1 (formats.md 1.1). Keys are relative to its root.
import { isPackageName } from './name.js'

/** What the keys of all pointers of all packages begin with. */
export const namedPackagesPrefix = '.quilt/named_packages/'

/** What the keys of all manifests begin with. */
export const manifestsPrefix = '.quilt/packages/'

/** The tag that names the current revision of a package. */
export const latestTag = 'latest'

/** Key of the workflow config (formats.md 8.1). */
export const workflowConfigKey = '.quilt/workflows/config.yml'

/** Key of a manifest. */
export function manifestKey(topHash: string): string {
  return `${manifestsPrefix}${topHash}`
}

/** What the keys of all pointers of one package begin with. */
export function pointerPrefix(name: string): string {
  return `${namedPackagesPrefix}${name}/`
}

/** Key of one pointer.
 * @param pointer a Unix time in seconds, or a tag */
export function pointerKey(name: string, pointer: string): string {
  return pointerPrefix(name) + pointer
}

/** The package and the pointer that a key is of. Undefined when it is of none: another depth, a name that is none. */
export function parsePointerKey(key: string): { readonly name: string; readonly pointer: string } | undefined {
  if (!key.startsWith(namedPackagesPrefix)) return undefined
  const [namespace = '', base = '', pointer = '', ...more] = key.slice(namedPackagesPrefix.length).split('/')
  const name = `${namespace}/${base}`
  return more.length === 0 && pointer !== '' && isPackageName(name) ? { name, pointer } : undefined
}

/** The Unix time in seconds that a revision's pointer is named with. Undefined for a tag. */
export function pointerSeconds(pointer: string): number | undefined {
  return /^[1-9]\d{0,11}$/.test(pointer) ? Number(pointer) : undefined
}
