// A registry with a little of everything that is searched for.
import { aRegistry, helloHash, type TestRegistry } from './registry.js'

export interface SearchedRegistry {
  readonly registry: TestRegistry
  /** Of the objects in `lab-a`, by their keys. */
  readonly versions: ReadonlyMap<string, string>
}

/** Starts it: all is Ada's, in `lab-a`. */
export async function aSearchedRegistry(): Promise<SearchedRegistry> {
  const registry = await aRegistry()
  const { ada } = registry
  const versions = new Map<string, string>()
  for (const [key, body] of [
    ['raw/plate-1.csv', 'gene,count\nBRCA1,7\n'],
    ['raw/plate-2.CSV', 'gene,count\nTP53,9\n'],
    ['docs/README.md', '# Notes on brain tissue\n'],
    ['docs/photo.png', 'not text\0'],
  ] as const)
    versions.set(key, await registry.put(ada, 'lab-a', key, body))
  const entry = (logicalKey: string, meta?: object) => ({
    logicalKey,
    physicalKey: `s3://lab-a/raw/plate-1.csv?versionId=${versions.get('raw/plate-1.csv')}`,
    size: 19,
    hash: helloHash,
    ...(meta !== undefined && { meta }),
  })
  const push = (name: string, message: string, userMeta: object | null, entries: readonly ReturnType<typeof entry>[]) =>
    registry.construct(ada, { bucket: 'lab-a', name, message, userMeta }, entries)
  await push('team/rna', 'first import', { assay: 'RNA', plate: 3, done: false, on: '2024-05-06' }, [
    entry('counts/a.csv', { user_meta: { well: 'A1' } }),
    entry('readme.md'),
  ])
  await push('team/atac', 'reads of brain', { assay: 'ATAC', plate: 12, done: true, on: '2025-01-01' }, [
    entry('reads/brain_1.fastq'),
  ])
  await push('other/empty', 'nothing yet', null, [])
  return { registry, versions }
}
