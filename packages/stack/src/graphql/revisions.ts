// One revision: header, folders, files, the flat map (formats.md 7.1, 7.3).
import {
  type Entry,
  headerMessage,
  headerUserMeta,
  headerWorkflow,
  isJsonObject,
  type Json,
  JsonNumber,
  type JsonObject,
} from '@quilt-mcp/core'
import { GraphQLError } from 'graphql'
import { type Directory, type DirectoryListing, findEntry, isEntry, listDirectory } from '../packages/directory.js'
import type { Manifest } from '../packages/manifests.js'
import type { Revision } from '../packages/pointers.js'
import type { RegistryPackages } from '../packages/registry-packages.js'
import { recordedWorkflow } from '../packages/workflows.js'
import { entryBudget } from './budget.js'
import type { GraphqlContext } from './caller.js'

interface PathArgs {
  readonly path: string
}

/** A directory with the revision it is of; its children when they are known already. */
type DirectoryRef = Directory & Partial<Pick<DirectoryListing, 'children'>> & { readonly revision: Revision }

export const revisionResolvers = (packages: RegistryPackages) => {
  const spend = entryBudget()
  const manifestOf = async ({ bucket, topHash }: Revision): Promise<Manifest> => {
    const manifest = await packages.manifest(bucket, topHash)
    if (manifest === undefined) throw new GraphQLError(`The manifest of ${topHash} is not in ${bucket}.`)
    return manifest
  }
  return {
    PackageRevision: {
      hash: ({ topHash }: Revision) => topHash,
      message: async (revision: Revision) => headerMessage((await manifestOf(revision)).header),
      metadata: async (revision: Revision) => (await manifestOf(revision)).header,
      userMeta: async (revision: Revision) => recordOrNull(headerUserMeta((await manifestOf(revision)).header)),
      workflow: async (revision: Revision) => recordedWorkflow(headerWorkflow((await manifestOf(revision)).header)),
      totalEntries: async (revision: Revision) => (await manifestOf(revision)).totalEntries,
      totalBytes: async (revision: Revision) => (await manifestOf(revision)).totalBytes,
      async dir(revision: Revision, { path }: PathArgs): Promise<DirectoryRef | undefined> {
        const listing = await listDirectory(await manifestOf(revision), path.replace(/\/$/, ''))
        return listing && { ...listing, revision }
      },
      file: async (revision: Revision, { path }: PathArgs) => findEntry(await manifestOf(revision), path),
      async contentsFlatMap(revision: Revision, { max }: { readonly max?: number | null }, context: GraphqlContext) {
        const manifest = await manifestOf(revision)
        if (manifest.totalEntries > (max ?? 1_000)) return null
        spend(context, manifest.totalEntries)
        return flatMap(manifest)
      },
    },

    PackageDir: {
      metadata: ({ metadata }: Directory) => recordOrNull(metadata),
      async children({ revision, path, children }: DirectoryRef, _args: unknown, context: GraphqlContext) {
        const found = children ?? (await listDirectory(await manifestOf(revision), path))?.children ?? []
        spend(context, found.length)
        return found.map((child) =>
          isEntry(child) ? { __typename: 'PackageFile', ...child } : { __typename: 'PackageDir', ...child, revision },
        )
      },
    },

    PackageFile: {
      path: ({ logicalKey }: Entry) => logicalKey,
      metadata: ({ meta }: Entry) => meta,
    },
  }
}

const recordOrNull = (value: Json | undefined): JsonObject | null => (isJsonObject(value) ? value : null)

async function flatMap(manifest: Manifest): Promise<JsonObject> {
  const contents = new Map<string, Json>()
  for await (const { entries } of manifest.batches())
    for (const { logicalKey, physicalKey, size, hash, meta } of entries)
      contents.set(
        logicalKey,
        new Map<string, Json>([
          ['physicalKey', physicalKey],
          ['size', new JsonNumber(String(size))],
          ['hash', new Map([...Object.entries(hash)])],
          ['meta', meta],
        ]),
      )
  return contents
}
