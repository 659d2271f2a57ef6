// A local registry as files (formats.md 1.1): just enough to read what quilt3 built and to write what it shall read.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A package as its registry keeps it. */
export interface StoredPackage {
  readonly name: string
  readonly topHash: string
  readonly manifest: Uint8Array
}

/** The latest revision of every package in a registry, by folder. */
export async function* packagesIn(registry: string): AsyncGenerator<StoredPackage, void, undefined> {
  const pointers = join(registry, '.quilt/named_packages')
  for (const namespace of await readdir(pointers)) {
    for (const title of await readdir(join(pointers, namespace))) {
      const topHash = await readFile(join(pointers, namespace, title, 'latest'), 'utf8')
      const manifest = await readFile(join(registry, '.quilt/packages', topHash))
      yield { name: `${namespace}/${title}`, topHash, manifest }
    }
  }
}

/** Writes a revision in quilt3's order: the manifest, the pointer of the revision, `latest`. */
export async function storePackage(registry: string, { name, topHash, manifest }: StoredPackage): Promise<void> {
  const pointers = join(registry, '.quilt/named_packages', name)
  await write(join(registry, '.quilt/packages', topHash), manifest)
  await write(join(pointers, '1700000000'), topHash)
  await write(join(pointers, 'latest'), topHash)
}

/** Writes a file and the folders it is in. */
export async function write(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
