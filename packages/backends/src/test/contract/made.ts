// Objects, packages and registries as the cases of the contract suite need them.

import type { Entry } from '@quilt-mcp/core'
import { encodeManifestJson, isJsonObject, type Json, type JsonObject, parseJson } from '@quilt-mcp/core'
import type { PackageReader, PackageRef, PlacedEntry, PushPlan, Revision } from '../../packages/port.js'
import type { ContractWorld } from './contract-world.js'

/** Hash and size of the five bytes `hello` (formats.md 3.7). */
export const hello = {
  size: 5,
  hash: { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' },
} as const

/** Hash and size of no bytes. */
export const empty = {
  size: 0,
  hash: { type: 'sha2-256-chunked', value: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
} as const

/** A package that nobody has used. */
export function fresh({ bucket }: ContractWorld, namespace = 'made'): PackageRef {
  return { bucket, name: `${namespace}/${crypto.randomUUID()}` }
}

/** A folder of objects that nobody has used, without slash at its end. */
export function freshFolder(): string {
  return `made-${crypto.randomUUID()}`
}

/** Puts objects below a folder and names them as entries; keys are as they will be in the package. */
export async function files(
  { backend, bucket }: ContractWorld,
  contents: Readonly<Record<string, string>>,
): Promise<readonly PlacedEntry[]> {
  const folder = freshFolder()
  const entries: PlacedEntry[] = []
  for (const [logicalKey, body] of Object.entries(contents)) {
    await backend.objects.put({ bucket, key: `${folder}/${logicalKey}` }, Buffer.from(body))
    entries.push({
      logicalKey,
      physicalKey: `s3://${bucket}/${folder}/${encodeURI(logicalKey).replace(/[?#]/g, encodeURIComponent)}`,
    })
  }
  return entries
}

/** What a made package is given, beside its files. */
export type MadeOptions = Partial<Omit<PushPlan, 'bucket' | 'entries'>>

/** Pushes a package of the given texts under a name of its own, or the given one. */
export async function aPackage(
  world: ContractWorld,
  contents: Readonly<Record<string, string>>,
  options: MadeOptions = {},
): Promise<Revision> {
  const { revision } = await world.backend.packages.push({
    message: null,
    ...fresh(world),
    ...options,
    entries: await files(world, contents),
  })
  return revision
}

/** Opens the latest revision, or that of a tag or hash. */
export async function opened(world: ContractWorld, ref: PackageRef, tagOrHash?: string): Promise<PackageReader> {
  const { packages } = world.backend
  return packages.open(await packages.resolve({ bucket: ref.bucket, name: ref.name }, tagOrHash))
}

/** Lossless JSON from its text. */
export function jsonOf(text: string): JsonObject {
  const value = parseJson(text)
  if (isJsonObject(value)) return value
  throw new Error('not an object')
}

/** One line of a manifest as text, for an entry of `hello` unless told otherwise. */
export function line(world: ContractWorld, logicalKey: string, change: Readonly<Record<string, Json>> = {}): string {
  const entry: Readonly<Record<string, Json>> = {
    logical_key: logicalKey,
    physical_keys: [`${world.root}/data/${encodeURI(logicalKey).replace(/[?#]/g, encodeURIComponent)}`],
    size: parseJson(String(hello.size)),
    hash: new Map(Object.entries(hello.hash)),
    meta: new Map(),
    ...change,
  }
  return encodeManifestJson(new Map(Object.entries(entry)))
}

/** Writes a revision as another program would: manifest, pointer of a second, `latest`.
 * @param lines the manifest without line ends; by default a header only */
export async function plantRevision(
  world: ContractWorld,
  { name, second, topHash, lines = ['{"version": "v0", "message": null}'], latest = true }: PlantedRevision,
): Promise<void> {
  await world.plant(`.quilt/packages/${topHash}`, lines.map((text) => `${text}\n`).join(''))
  await world.plant(`.quilt/named_packages/${name}/${second}`, topHash)
  if (latest) await world.plant(`.quilt/named_packages/${name}/latest`, topHash)
}

interface PlantedRevision {
  readonly name: string
  /** Unix time, 10 digits. */
  readonly second: number
  readonly topHash: string
  readonly lines?: readonly string[]
  readonly latest?: boolean
}

/** A top hash that nobody has used, with the given first digits. */
export function freshHash(start = ''): string {
  return `${start}${crypto.randomUUID()}${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll('-', '').slice(0, 64)
}

/** All entries of a revision, as one list. */
export async function allEntries(reader: PackageReader): Promise<readonly Entry[]> {
  const all: Entry[] = []
  for await (const batch of reader.entries()) all.push(...batch)
  return all
}

/** All that lies in the bucket, except pointers. */
export async function everyKey(world: ContractWorld): Promise<readonly string[]> {
  const keys: string[] = []
  let cursor: string | undefined
  do {
    const page = await world.backend.objects.list(world.bucket, { recursive: true, limit: 1_000, cursor })
    keys.push(...page.items.map(({ key }) => key))
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...keys.filter((key) => !key.startsWith('.quilt/')), ...(await world.names('.quilt/packages/'))]
}
