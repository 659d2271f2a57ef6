// The files of a local directory as a manifest would name them: listed, hashed, compared (formats.md 4.2, 4.7).
import { createReadStream } from 'node:fs'
import { open, opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createParallelSha256, type FileSource, type FoundFile, type ObjectHash, verifyHash } from '@quilt-mcp/core'
import { fillFromFile } from './content.js'
import { partsAtOnce } from './parts-at-once.js'

/** How a directory is read. */
export interface LocalFilesOptions {
  /** How many parts of 8 MiB are read and hashed at the same time, over all files. Default: one more than there are cores. */
  readonly concurrency?: number | undefined
}

/** A local directory that `verifyFiles` can compare with a manifest. */
export interface LocalFiles extends FileSource {
  /**
   * The `sha2-256-chunked` hash of a file, its parts hashed in parallel.
   * @throws {QuiltError} `partial` when the file became shorter while it was read; else what the file system throws
   */
  hash(path: string, signal?: AbortSignal): Promise<ObjectHash>
}

const filesInBatch = 1_000

/**
 * Opens a directory. Links to files are followed, links to directories are not entered.
 * @param root path of the directory
 */
export function localFiles(root: string, { concurrency = partsAtOnce() }: LocalFilesOptions = {}): LocalFiles {
  const sha256 = createParallelSha256({ concurrency })
  const hash: LocalFiles['hash'] = async (path, signal) => {
    const file = await open(join(root, path))
    try {
      const { size } = await file.stat()
      return await sha256.hash({ size, fill: (into, start) => fillFromFile(file, { into, start, path }) }, signal)
    } finally {
      await file.close()
    }
  }
  return {
    hash,
    list: () => listFiles(root),
    async hasHash(path, expected, size) {
      if (expected.type !== 'sha2-256-chunked') return verifyHash(expected, createReadStream(join(root, path)), size)
      return (await hash(path)).value === expected.value
    },
  }
}

async function* listFiles(root: string): AsyncGenerator<readonly FoundFile[], void, undefined> {
  let batch: FoundFile[] = []
  const directories = ['']
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for await (const item of await opendir(join(root, directory))) {
      const path = directory === '' ? item.name : `${directory}/${item.name}`
      if (item.isDirectory()) {
        directories.push(path)
        continue
      }
      const found = await stat(join(root, path))
      if (!found.isFile()) continue
      batch.push({ path, size: found.size })
      if (batch.length < filesInBatch) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
