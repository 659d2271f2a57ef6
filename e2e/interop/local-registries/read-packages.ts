// What quilt3 built: do we read it, compute the same hashes, and write the same bytes?
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import {
  chunkedSha256,
  createTopHash,
  type DirectoryMeta,
  type Entry,
  formatPhysicalKey,
  openManifest,
  parsePhysicalKey,
  verifyHash,
  writeManifest,
} from '@quilt-mcp/core'
import { packagesIn, type StoredPackage } from './registry.js'

/** What was checked, and by package what is wrong with it. */
export interface ReadResult {
  readonly names: readonly string[]
  readonly failures: Readonly<Record<string, string>>
}

/** Checks the latest revision of every package in a registry. */
export async function readPackages(registry: string): Promise<ReadResult> {
  const names: string[] = []
  const failures: Record<string, string> = {}
  for await (const stored of packagesIn(registry)) {
    names.push(stored.name)
    try {
      await checkPackage(stored)
    } catch (error) {
      // Every failure is reported; the next package is still checked.
      failures[stored.name] = String(error)
    }
  }
  return { names, failures }
}

async function checkPackage({ topHash, manifest }: StoredPackage): Promise<void> {
  const { header, lines } = await openManifest(inPieces(manifest))
  const hash = createTopHash(header)
  const directories: DirectoryMeta[] = []
  const batches: (readonly Entry[])[] = []
  for await (const batch of lines) {
    directories.push(...batch.directories)
    batches.push(batch.entries)
    for (const entry of batch.entries) hash.update(entry)
  }
  assert.equal(hash.digest(), topHash, 'the top hash is another')
  const written: Uint8Array[] = []
  for await (const chunk of writeManifest({ header, directories, entries: batches })) written.push(chunk)
  assert.equal(Buffer.concat(written).toString(), Buffer.from(manifest).toString(), 'the manifest is written otherwise')
  for (const entry of batches.flat()) await checkObject(entry)
}

async function checkObject({ physicalKey, size, hash }: Entry): Promise<void> {
  const key = parsePhysicalKey(physicalKey)
  assert.equal(formatPhysicalKey(key), physicalKey)
  assert(key.kind === 'file', `${physicalKey} is not a local file`)
  const bytes = await readFile(key.path)
  assert(await verifyHash(hash, bytes, size), `${physicalKey} does not have its hash`)
  if (hash.type === 'sha2-256-chunked') assert.deepEqual(await chunkedSha256(inPieces(bytes), size), hash)
}

/** As a disk or a network would give it: cut anywhere. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  const pieceBytes = 65_521
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes)
}
