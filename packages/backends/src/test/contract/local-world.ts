import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { localBackend } from '../../local.js'
import type { ContractWorld } from './contract-world.js'

const bucket = 'proven-equal'

/** The local backend on a folder of its own. */
export async function localWorld(): Promise<ContractWorld> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'quilt-contract-registry-')))
  const second = realpathSync(mkdtempSync(join(tmpdir(), 'quilt-contract-other-')))
  const other = { bucket: 'proven-other', root: pathToFileURL(second).href }
  const registries = [
    { name: bucket, root },
    { name: other.bucket, root: second },
  ]
  const at = (key: string) => join(root, key)
  return {
    backend: localBackend({ registries }),
    bucket,
    root: pathToFileURL(root).href,
    other,
    identity: { backend: 'local', objectAccess: 'files' },
    async plant(key, text) {
      mkdirSync(dirname(at(key)), { recursive: true })
      writeFileSync(at(key), text)
    },
    unplant: async (key) => rmSync(at(key)),
    stored: async (key) => orMissing(() => readFileSync(at(key), 'utf8')),
    names: async (prefix) =>
      (orMissing(() => readdirSync(at(prefix), { withFileTypes: true })) ?? [])
        .flatMap((item) => (item.isFile() ? [item.name] : []))
        .sort(),
    async close() {
      for (const folder of [root, second]) rmSync(folder, { recursive: true })
    },
  }
}

/** Undefined when there is no such file or folder. */
function orMissing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
