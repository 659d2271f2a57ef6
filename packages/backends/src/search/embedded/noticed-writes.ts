// What a backend writes is found by its next search.
import type { Objects } from '../../objects/port.js'
import type { Packages } from '../../packages/port.js'

/** Packages and objects whose writes are told, whether they went well or not. */
export function noticedWrites<Written extends { readonly packages: Packages; readonly objects: Objects }>(
  { packages, objects }: Written,
  changed: (bucket: string) => void,
): { readonly packages: Packages; readonly objects: Objects } {
  const noticed = async <T>(bucket: string, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } finally {
      changed(bucket)
    }
  }
  const { promote } = packages
  return {
    packages: {
      ...packages,
      push: (plan, options) => noticed(plan.bucket, packages.push(plan, options)),
      remove: (ref, options) => noticed(ref.bucket, packages.remove(ref, options)),
      ...(promote && {
        promote: (revision, plan, options) => noticed(plan.bucket, promote(revision, plan, options)),
      }),
    },
    objects: {
      ...objects,
      put: (location, body, options) => noticed(location.bucket, objects.put(location, body, options)),
    },
  }
}
