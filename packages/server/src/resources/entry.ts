import type { PackageReader } from '@quilt-mcp/backends'
import { encodeJson, QuiltError } from '@quilt-mcp/core'
import type { ResourceTemplate } from '../mcp/define-resource.js'
import { untrusted } from '../mcp/untrusted.js'
import { bucketNames, packageNames, paths } from './completers.js'
import { shownItem } from './package.js'
import { resourceText } from './size.js'

/** Files and directories of a directory that are shown. */
const mostItems = 100

export const entry: ResourceTemplate = {
  uriTemplate: 'quilt-platform://buckets/{bucket}/packages/{+name}/entries/{+path}',
  name: 'entry',
  title: 'Entry of a package',
  description:
    'A file of the latest revision, with size, hash, place and metadata; or a directory, with what is in it.',
  mimeType: 'text/plain',
  complete: { bucket: bucketNames, name: packageNames, path: paths },
  async read({ backend, signal }, { bucket = '', name = '', path = '' }) {
    const revision = await backend.packages.resolve({ bucket, name }, 'latest', { signal })
    const reader = await backend.packages.open(revision, { signal })
    const found = path.endsWith('/') ? undefined : await fileFacts(reader, path, signal)
    return resourceText({
      package: name,
      bucket,
      top_hash: revision.topHash,
      ...(found ?? (await directoryFacts(reader, path.replace(/\/$/, ''), signal))),
    })
  },
}

/** Undefined when there is no such file: it may be a directory. */
async function fileFacts(reader: PackageReader, path: string, signal: AbortSignal) {
  try {
    const { logicalKey, physicalKey, size, hash, meta } = await reader.entry(path, { signal })
    return {
      path: untrusted(logicalKey),
      bytes: size,
      ...(hash !== undefined && { hash: `${hash.type}:${hash.value}` }),
      place: untrusted(physicalKey),
      ...(meta.size > 0 && { metadata: untrusted(encodeJson(meta)) }),
      next: 'object_read with uri of the package and key = this path reads it.',
    }
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'not_found') return undefined
    throw error
  }
}

async function directoryFacts(reader: PackageReader, path: string, signal: AbortSignal) {
  const { items, cursor } = await reader.dir(path, { limit: mostItems, signal })
  return {
    directory: untrusted(`${path}/`),
    items: items.map(shownItem),
    ...(cursor !== undefined && { more: 'package_browse lists the others, page by page.' }),
  }
}
