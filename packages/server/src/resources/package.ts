import type { DirItem } from '@quilt-mcp/backends'
import { encodeJson, formatQuiltUri, headerMessage, headerUserMeta, headerWorkflow } from '@quilt-mcp/core'
import type { ResourceTemplate } from '../mcp/define-resource.js'
import { untrusted } from '../mcp/untrusted.js'
import { bucketNames, packageNames } from './completers.js'
import { resourceText } from './size.js'

/** Files and directories of the root that are shown. */
const mostItems = 100

export const packageResource: ResourceTemplate = {
  uriTemplate: 'quilt-platform://buckets/{bucket}/packages/{+name}',
  name: 'package',
  title: 'Package',
  description: 'The latest revision of a package: top hash, message, metadata, and what is at its root.',
  mimeType: 'text/plain',
  complete: { bucket: bucketNames, name: packageNames },
  async read({ backend, links, signal }, { bucket = '', name = '' }) {
    const revision = await backend.packages.resolve({ bucket, name }, 'latest', { signal })
    const reader = await backend.packages.open(revision, { signal })
    const { topHash, modified, totalEntries, totalBytes } = reader.revision
    const [message, userMeta, workflow] = [
      headerMessage(reader.header),
      headerUserMeta(reader.header),
      headerWorkflow(reader.header),
    ]
    const { items, cursor } = await reader.dir('', { limit: mostItems, signal })
    const url = links.packageUrl({ bucket, name, topHash })
    return resourceText({
      package: name,
      bucket,
      top_hash: topHash,
      ...(modified !== undefined && { modified }),
      uri: formatQuiltUri({ bucket, name, topHash }),
      ...(url !== undefined && { url }),
      ...(typeof message === 'string' && { message: untrusted(message) }),
      ...(totalEntries !== undefined && { entries: totalEntries }),
      ...(totalBytes !== undefined && { bytes: totalBytes }),
      ...(userMeta !== undefined && { metadata: untrusted(encodeJson(userMeta)) }),
      ...(workflow !== undefined && { workflow: untrusted(encodeJson(workflow)) }),
      root: items.map(shownItem),
      ...(cursor !== undefined && { more: 'package_browse lists the others, page by page.' }),
    })
  },
}

/** One file or directory of a listing. Names of files are their owners' text. */
export const shownItem = (item: DirItem) => ({
  path: untrusted(item.logicalKey),
  ...(item.size !== undefined && { bytes: item.size }),
})
