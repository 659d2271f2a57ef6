// Registries in folders of this machine: those that are named, else quilt3's own. Asked for by name, it need not exist yet.
import { localBackend } from '../local.js'
import { findLocalRegistry } from '../local-registries.js'
import { namedRegistries } from './named-registries.js'
import type { WayIn, WayOptions } from './way-in.js'

export const localWay = (options: WayOptions): WayIn => ({
  name: 'local',
  async look() {
    const { surroundings, indexes, searchFolder, searchContent, now } = options
    if (surroundings === undefined) return { steps: [] }
    const { registries, looked, explanation } = await findLocalRegistry({
      ...surroundings,
      localRegistry: options.localRegistry || undefined,
      folders: namedRegistries(options.registries).folders,
      mayBeNew: options.backend === 'local',
    })
    if (registries.length === 0) return { steps: [{ looked, outcome: 'missing', explanation }] }
    return {
      steps: [{ looked, outcome: 'found', explanation }],
      way: {
        because: 'There is a local registry.',
        open: () => localBackend({ registries, indexes, searchFolder, searchContent, now }),
      },
    }
  },
})

/** Whether the user names a local registry: one that loses to another way is not passed over in silence. */
export const namesLocalRegistry = ({ localRegistry, registries }: WayOptions): boolean =>
  Boolean(localRegistry) || namedRegistries(registries).folders.length > 0
