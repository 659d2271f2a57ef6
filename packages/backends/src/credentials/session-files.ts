// quilt3's own files of a sign-in, read and written as it does (formats.md 5.2 to 5.4): one login for quilt3 and for us.
// Tokens and keys leave these files for the registry and for AWS only; no message holds one.
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeManifestJson, fromPlain, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { fileError } from '../objects/file-error.js'
import { takeLock } from '../packages/stores/file-store-lock.js'
import type { AwsCredentials } from './outcome.js'
import { damagedFile, isDamage, readJsonFile, replaceFile } from './private-file.js'

/** What a registry gave at the last login or refresh. */
export interface StoredTokens {
  /** Good for one refresh. */
  readonly refreshToken: string
  readonly accessToken: string
  readonly expiresAtMs: number
}

/** The files of one data folder of quilt3. */
export interface SessionFiles {
  readonly folder: string
  readonly authPath: string
  readonly credentialsPath: string
  /** Registries with a sign-in, as they were written. @throws {QuiltError} `unauthenticated` when `auth.json` is damaged */
  registries(signal?: AbortSignal): Promise<readonly string[]>
  /** Undefined when nobody is signed in there. @throws as `registries` */
  tokens(registryUrl: string, signal?: AbortSignal): Promise<StoredTokens | undefined>
  /** Keeps what a login gave, beside the sign-ins to other registries. A damaged file is put aside, not lost. */
  addTokens(registryUrl: string, tokens: StoredTokens, signal?: AbortSignal): Promise<void>
  /** Keeps what a refresh gave, unless somebody signed out or in again meanwhile. @returns what the file holds then */
  replaceTokens(
    registryUrl: string,
    tokens: { readonly old: StoredTokens; readonly next: StoredTokens },
    signal?: AbortSignal,
  ): Promise<StoredTokens | undefined>
  /** The AWS credentials of the registry in `config.yml`. Undefined when there are none, or none that can be read: they can be had again. */
  credentials(signal?: AbortSignal): Promise<AwsCredentials | undefined>
  /** @param credentials undefined: none */
  keepCredentials(credentials: AwsCredentials | undefined): Promise<void>
  /** Signs out of all registries, as `quilt3 logout` does. False when nobody was signed in. */
  clear(signal?: AbortSignal): Promise<boolean>
  /** Does work while no other process of ours changes these files (quilt3 knows no such lock). The folder is made.
   * @throws {QuiltError} `forbidden` when the folder cannot be written */
  locked<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

const secret = 0o600

const signInSchema = z.looseObject({
  refresh_token: z.string().min(1),
  access_token: z.string().min(1),
  expires_at: z.number(),
})
const mapSchema = z.record(z.string(), z.unknown())
const credentialsSchema = z.object({
  access_key: z.string().min(1),
  secret_key: z.string().min(1),
  token: z.string().min(1),
  expiry_time: z.string().refine((time) => !Number.isNaN(Date.parse(time))),
})

/** Makes the files of a folder; nothing is read yet. */
export function sessionFiles(folder: string): SessionFiles {
  const authPath = join(folder, 'auth.json')
  const credentialsPath = join(folder, 'credentials.json')

  const signIns = async (signal?: AbortSignal): Promise<ReadonlyMap<string, unknown>> => {
    const value = (await readJsonFile(authPath, signal)) ?? {}
    const map = mapSchema.safeParse(value)
    if (!map.success) throw damagedFile(authPath, 'it is not a map of registries')
    return new Map(Object.entries(map.data))
  }
  const writeSignIns = (map: ReadonlyMap<string, unknown>) =>
    replaceFile(authPath, asPython(Object.fromEntries(map)), secret)
  const readable = async (signal?: AbortSignal): Promise<ReadonlyMap<string, unknown>> => {
    try {
      return await signIns(signal)
    } catch (error) {
      if (!isDamage(error)) throw error
      await copyFile(authPath, `${authPath}.damaged.${Date.now()}`)
      return new Map()
    }
  }

  return {
    folder,
    authPath,
    credentialsPath,
    async registries(signal) {
      return [...(await signIns(signal))]
        .filter(([, entry]) => signInSchema.safeParse(entry).success)
        .map(([registry]) => registry)
    },
    async tokens(registryUrl, signal) {
      const map = await signIns(signal)
      const key = keyOf(map, registryUrl)
      if (key === undefined) return undefined
      const entry = signInSchema.safeParse(map.get(key))
      if (entry.success) return tokensOf(entry.data)
      throw damagedFile(authPath, `what it says of ${registryUrl} is no sign-in`)
    },
    async addTokens(registryUrl, tokens, signal) {
      const map = new Map(await readable(signal))
      map.set(keyOf(map, registryUrl) ?? registryUrl, entryOf(tokens))
      await writeSignIns(map)
    },
    async replaceTokens(registryUrl, { old, next }, signal) {
      const map = new Map(await signIns(signal))
      const key = keyOf(map, registryUrl)
      const entry = key === undefined ? undefined : signInSchema.safeParse(map.get(key)).data
      if (key === undefined || entry === undefined) return undefined
      if (entry.refresh_token !== old.refreshToken) return tokensOf(entry)
      map.set(key, { ...entry, ...entryOf(next) })
      await writeSignIns(map)
      return next
    },
    async credentials(signal) {
      try {
        const stored = credentialsSchema.safeParse(await readJsonFile(credentialsPath, signal)).data
        return stored === undefined ? undefined : credentialsOf(stored)
      } catch (error) {
        if (isDamage(error)) return undefined
        throw error
      }
    },
    async keepCredentials(credentials) {
      await replaceFile(credentialsPath, asPython(credentials === undefined ? {} : fieldsOf(credentials)), secret)
    },
    async clear(signal) {
      const [map, stored] = await Promise.all([
        readable(signal),
        readJsonFile(credentialsPath, signal).catch(ifDamaged),
      ])
      if (map.size === 0 && (stored === undefined || JSON.stringify(stored) === '{}')) return false
      await writeSignIns(new Map())
      await replaceFile(credentialsPath, '{}', secret)
      return true
    },
    async locked(work, signal) {
      const lock = await lockOf(folder, signal)
      try {
        return await work()
      } finally {
        await lock.release()
      }
    },
  }
}

async function lockOf(folder: string, signal: AbortSignal | undefined) {
  try {
    await mkdir(folder, { recursive: true })
    return await takeLock(join(folder, '.quilt-mcp.lock'), signal)
  } catch (cause) {
    throw fileError(cause, `Writing ${folder}`)
  }
}

/** What a damaged file held counts as something: it is to go. */
function ifDamaged(error: unknown): string {
  if (isDamage(error)) return 'damaged'
  throw error
}

/** The text that Python's `json.dump` makes. */
const asPython = (value: object): string => encodeManifestJson(fromPlain(value))

/** The key under which quilt3 wrote this registry: the same text, or one that differs by trailing slashes. */
function keyOf(map: ReadonlyMap<string, unknown>, registryUrl: string): string | undefined {
  if (map.has(registryUrl)) return registryUrl
  return [...map.keys()].find((key) => sameUrl(key, registryUrl))
}

/** Whether two addresses are the same but for trailing slashes. */
export const sameUrl = (one: string, other: string): boolean => one.replace(/\/+$/, '') === other.replace(/\/+$/, '')

const tokensOf = (entry: z.output<typeof signInSchema>): StoredTokens => ({
  refreshToken: entry.refresh_token,
  accessToken: entry.access_token,
  expiresAtMs: entry.expires_at * 1000,
})
const entryOf = ({ refreshToken, accessToken, expiresAtMs }: StoredTokens) => ({
  refresh_token: refreshToken,
  access_token: accessToken,
  expires_at: expiresAtMs / 1000,
})
const credentialsOf = (stored: z.output<typeof credentialsSchema>): AwsCredentials => ({
  accessKeyId: stored.access_key,
  secretAccessKey: stored.secret_key,
  sessionToken: stored.token,
  expiresAtMs: Date.parse(stored.expiry_time),
})

/** botocore reads `+00:00`, and needs both token and end.
 * @throws {QuiltError} `internal` for credentials that last: they are not a registry's */
function fieldsOf({ accessKeyId, secretAccessKey, sessionToken, expiresAtMs }: AwsCredentials) {
  if (sessionToken === undefined || expiresAtMs === undefined)
    throw new QuiltError('internal', 'lasting AWS credentials are not written to credentials.json')
  const expiry_time = new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, '+00:00')
  return { access_key: accessKeyId, secret_key: secretAccessKey, token: sessionToken, expiry_time }
}
