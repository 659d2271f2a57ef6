// The revisions of packages as their pointers tell them (formats.md 1.5, 1.7, 1.8).
import { isTopHash, latestTag, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import { pageOf } from '../../cursor.js'
import type { PackageRef, Revision } from '../port.js'
import { noPackage, type RevisionSource } from '../revisions.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { toldByManifest } from './head.js'
import { newestFirst, newestPointerTo, pointerNames, readLatest, readPointers, timeOf } from './pointers.js'

/** Does work on the registry of a bucket. @throws {QuiltError} `not_found` when the bucket is not there */
export type InBucket = <T>(bucket: string, work: (store: RegistryStore) => Promise<T>) => Promise<T>

const manifestsAtOnce = 16

/** Looks revisions up by pointers. */
export function pointerRevisions(inBucket: InBucket): RevisionSource {
  return {
    list: (ref, page = {}) =>
      inBucket(ref.bucket, async (store) => {
        const names = await pointerNames(store, ref.name, page)
        if (names.length === 0) throw noPackage(ref)
        const { items, ...rest } = pageOf(newestFirst(names), page)
        const pointers = await readPointers(store, { name: ref.name, pointers: items }, page)
        const told = await pLimit(manifestsAtOnce).map(
          [...new Set(pointers.map(({ topHash }) => topHash))],
          (topHash) => toldByManifest(store, topHash, page).then((facts) => [topHash, facts] as const),
        )
        const facts = new Map(told)
        return {
          ...rest,
          items: pointers.map(({ pointer, topHash }) => ({
            ...revisionAt(ref, topHash, timeOf(pointer)),
            ...facts.get(topHash),
          })),
        }
      }),

    find: (ref, hashOrTag, options = {}) =>
      inBucket(ref.bucket, async (store) => {
        const found =
          hashOrTag === latestTag
            ? await findLatest(store, ref, options)
            : await findHash(store, ref, hashOrTag, options)
        return found && { ...found, ...(await toldByManifest(store, found.topHash, options)) }
      }),

    topHashes: (ref, options = {}) =>
      inBucket(ref.bucket, async (store) => {
        const names = await pointerNames(store, ref.name, options)
        if (names.length === 0) throw noPackage(ref)
        const times = newestFirst(names)
        const tags = names.filter((pointer) => !times.includes(pointer))
        const found = await readPointers(store, { name: ref.name, pointers: [...times, ...tags] }, options)
        return [...new Set(found.map(({ topHash }) => topHash))]
      }),
  }
}

/** The revision that `latest` names: as old as its newest pointer of a time, or as `latest` itself where the pointers cannot be listed. */
async function findLatest(store: RegistryStore, ref: PackageRef, options: CallOptions): Promise<Revision | undefined> {
  const [latest, names] = await Promise.all([
    readLatest(store, ref.name, options),
    namesIfListed(store, ref.name, options),
  ])
  if (latest?.topHash === undefined) return undefined
  const { topHash, modified } = latest
  const pointer = await newestPointerTo(store, { name: ref.name, newest: newestFirst(names ?? []), topHash }, options)
  return revisionAt(ref, topHash, (pointer === undefined ? undefined : timeOf(pointer)) ?? modified)
}

async function findHash(
  store: RegistryStore,
  ref: PackageRef,
  topHash: string,
  options: CallOptions,
): Promise<Revision | undefined> {
  if (!isTopHash(topHash)) return undefined
  const names = await namesIfListed(store, ref.name, options)
  const pointer = await newestPointerTo(store, { name: ref.name, newest: newestFirst(names ?? []), topHash }, options)
  if (pointer !== undefined) return revisionAt(ref, topHash, timeOf(pointer))
  if (names !== undefined && !names.includes(latestTag)) return undefined
  const latest = await readLatest(store, ref.name, options)
  return latest?.topHash === topHash ? revisionAt(ref, topHash, latest.modified) : undefined
}

/** Undefined for who may read objects of the bucket but not list them. */
async function namesIfListed(
  store: RegistryStore,
  name: string,
  options: CallOptions,
): Promise<readonly string[] | undefined> {
  try {
    return await pointerNames(store, name, options)
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'forbidden') return undefined
    throw error
  }
}

/** A revision as its pointer tells it. */
function revisionAt({ bucket, name }: PackageRef, topHash: string, modified: string | undefined): Revision {
  return { bucket, name, topHash, ...(modified === undefined ? {} : { modified }) }
}
