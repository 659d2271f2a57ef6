import { type Entry, isJsonObject, type JsonObject, parseJson } from '@quilt-mcp/core'
import type { Backend } from '../backend.js'
import type { PackageReader, PackageRef, PlacedEntry } from '../packages/port.js'

/** Puts objects into lab-a and names them as entries of a package. */
export async function putFiles(
  backend: Backend,
  contents: Readonly<Record<string, string>>,
  folder: string,
): Promise<readonly PlacedEntry[]> {
  const entries: PlacedEntry[] = []
  for (const [logicalKey, body] of Object.entries(contents)) {
    await backend.objects.put({ bucket: 'lab-a', key: `${folder}/${logicalKey}` }, Buffer.from(body))
    entries.push({ logicalKey, physicalKey: `s3://lab-a/${folder}/${encodeURI(logicalKey)}` })
  }
  return entries
}

/** All entries of a revision. */
export async function entriesOf(reader: PackageReader): Promise<readonly Entry[]> {
  const all: Entry[] = []
  for await (const batch of reader.entries()) all.push(...batch)
  return all
}

/** A package in lab-a that nobody has used. */
export function freshName(): PackageRef {
  return { bucket: 'lab-a', name: `ada/${crypto.randomUUID()}` }
}

/** Lossless JSON from its text. */
export function jsonObjectOf(text: string): JsonObject {
  const value = parseJson(text)
  if (isJsonObject(value)) return value
  throw new Error('not an object')
}
