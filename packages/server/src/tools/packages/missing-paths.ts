// What a change names and the package does not have: said with what may have been meant.
import type { CallOptions, PackageReader } from '@quilt-mcp/backends'
import { isGlob, QuiltError } from '@quilt-mcp/core'
import type { Problems } from './problems.js'

/** Paths that are looked into; of the others it is only said that they are not there. */
const mostLookedAt = 20

/** Makes a problem of each path or pattern that no file of the package has. */
export async function explainMissing(
  reader: Pick<PackageReader, 'entry' | 'dir'>,
  paths: readonly string[],
  problems: Problems,
  options: CallOptions,
): Promise<void> {
  for (const [index, path] of paths.entries()) {
    if (isGlob(path)) {
      problems.add(
        path,
        'fits no file of the package',
        path.includes('/') ? undefined : `**/${path} looks in all directories.`,
      )
    } else {
      const meant = index < mostLookedAt ? await meantBy(reader, path, options) : ''
      problems.add(path, `is not in the package${meant}`)
    }
  }
}

async function meantBy(
  reader: Pick<PackageReader, 'entry' | 'dir'>,
  path: string,
  options: CallOptions,
): Promise<string> {
  const isDirectory = path.endsWith('/')
  const asDirectory = await lookedAt(reader.dir(path.replace(/\/$/, ''), { limit: 1, ...options }))
  if (!isDirectory && asDirectory === 'there') return `: it is a directory, write ${path}/`
  const near = isDirectory ? asDirectory : await lookedAt(reader.entry(path, options))
  return near === undefined || near === 'there' ? '' : `; did you mean ${near}${isDirectory ? '/' : ''}?`
}

/** What is near when there is nothing. */
async function lookedAt(look: Promise<unknown>): Promise<'there' | string | undefined> {
  try {
    await look
    return 'there'
  } catch (error) {
    if (!(error instanceof QuiltError) || !['not_found', 'invalid_input'].includes(error.code)) throw error
    const near: unknown = error.details?.near
    return Array.isArray(near) && typeof near[0] === 'string' ? near[0] : undefined
  }
}
