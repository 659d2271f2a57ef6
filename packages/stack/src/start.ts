// Opens the parts of a stack on one data folder, wires them, and puts them on two loopback ports: registry and S3.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { stackAdmin } from './admin.js'
import { createGraphqlHandler } from './graphql/handler.js'
import { openIdentity } from './identity/identity-store.js'
import { sessionSecretOf } from './identity/session-secret.js'
import { type Listener, listen } from './listen.js'
import { readPointers } from './packages/pointers.js'
import { openPackages } from './packages/registry-packages.js'
import { createRestApp } from './rest/app.js'
import { openBrowseSessions } from './rest/browse-sessions.js'
import { createS3App } from './s3/app.js'
import { bucketIndexes } from './search/bucket-indexes.js'
import { stackSearch } from './search/stack-search.js'
import { smallText } from './search/text-files.js'
import type { Stack, StackOptions } from './stack.js'
import { type Db, openDatabase } from './store/database.js'
import { openDiskStore } from './store/disk-store.js'
import { type ObjectStore, StoreError } from './store/object-store.js'

/** Starts a stack on a data folder; what is there already is served again.
 * @throws {QuiltError} `conflict` when another process has the folder open, or a port is taken */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, registryPort = 0, s3Port = 0, credentialSeconds = 3600, credentialExchange = true } = options
  const { uploadUrls = false, searchSignature = 'ordering', onDefect = toStderr } = options
  const data = openData(dataDir)
  const listeners: Listener[] = []
  const indexes = bucketIndexes({ store: data.store, pointers: readPointers(data.store), dataDir, onDefect })
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()))
    await indexes.close()
    data.close()
  }
  try {
    const { db, store } = data
    const identity = openIdentity({ db, sessionSecret: sessionSecretOf(dataDir) })
    const browseSessions = openBrowseSessions({ db })
    const packages = openPackages({ store })
    const search = stackSearch({ identity, indexes })
    const registry = await listen(registryPort)
    listeners.push(registry)
    const s3 = await listen(s3Port)
    listeners.push(s3)

    s3.answer(createS3App({ store, authenticator: identity, onDefect }).fetch)
    registry.answer(
      createRestApp({
        identity,
        browseSessions,
        packages,
        search,
        graphql: createGraphqlHandler({
          identity,
          packages,
          browseSessions,
          search: {
            search,
            signature: searchSignature,
            content: (bucket, key) => smallText(store, bucket, key),
          },
          ...(uploadUrls && { uploadUrls: { identity, s3Endpoint: () => s3.url, now: () => new Date() } }),
          onDefect,
        }),
        credentialSeconds,
        credentialExchange,
        registryUrl: () => registry.url,
        s3Endpoint: () => s3.url,
        now: () => new Date(),
        onDefect,
      }).fetch,
    )

    return {
      registryUrl: registry.url,
      s3Endpoint: s3.url,
      admin: stackAdmin({ store, identity }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface OpenData {
  readonly db: Db
  readonly store: ObjectStore
  close(): void
}

function openData(dataDir: string): OpenData {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const db = openDatabase(join(dataDir, 'stack.db'))
  try {
    const store = openDiskStore({ db, dataDir })
    return {
      db,
      store,
      close() {
        store.close()
        db.close()
      },
    }
  } catch (cause) {
    db.close()
    if (!(cause instanceof StoreError)) throw cause
    throw new QuiltError('conflict', `another process has the data folder ${dataDir} open`, {
      hint: 'Stop the other stack or demo, or choose another data folder.',
      cause,
    })
  }
}

function toStderr(error: unknown): void {
  process.stderr.write(`quilt stack: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}
