// Looks for a Quilt session of this user: which registry, in which folder, and in one line why (not).
import { QuiltError } from '@quilt-mcp/core'
import type { HttpClient } from '../http/client.js'
import { stackAddress } from '../registry-api/address.js'
import type { Surroundings } from '../surroundings.js'
import { type Quilt3Config, readQuilt3Config } from './session-config.js'
import { sameUrl, sessionFiles } from './session-files.js'
import { quilt3DataFolder } from './session-folder.js'

/** A session as it was found; nothing of it is secret. */
export interface QuiltSession {
  /** quilt3's data folder. */
  readonly folder: string
  readonly registryUrl: string
  readonly catalogUrl?: string
  /** AWS region of the stack, when the settings of quilt3 say it. */
  readonly region?: string
  /** Whether it is the registry in `config.yml`, whose credentials are in `credentials.json`. */
  readonly isDefault: boolean
}

/** What was found, and in one line what that is or how to come by it. */
export interface SessionFound {
  readonly session?: QuiltSession
  readonly explanation: string
}

export interface FindSessionOptions extends Surroundings {
  /** Wanted registry or catalog. Absent: that of quilt3's settings, or the only one signed in to. */
  readonly registryUrl?: string | undefined
  readonly catalogUrl?: string | undefined
  /** API key or token with which the session is to be: then nobody need be signed in. */
  readonly token?: string | undefined
  /** Asked for the registry of a wanted catalog that quilt3's settings do not know. */
  readonly http: HttpClient
}

/** The stack in quilt3's settings, whether or not anybody is signed in. @throws {QuiltError} when they cannot be read */
export async function findQuilt3Stack(surroundings: Surroundings): Promise<Quilt3Config & { readonly folder: string }> {
  const folder = await quilt3DataFolder(surroundings)
  return { ...(await readQuilt3Config(folder)), folder }
}

/** Looks for a session. Whether it is still good is seen at its first use. */
export async function findSession(options: FindSessionOptions): Promise<SessionFound> {
  try {
    return await look(options)
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    return { explanation: [error.message, error.hint].filter(Boolean).join('. ') }
  }
}

async function look(options: FindSessionOptions): Promise<SessionFound> {
  const folder = await quilt3DataFolder(options)
  const config = await readQuilt3Config(folder)
  const sessionAt = (registryUrl: string): QuiltSession => {
    const isDefault = config.registryUrl !== undefined && sameUrl(registryUrl, config.registryUrl)
    const catalogUrl = options.catalogUrl ?? (isDefault ? config.catalogUrl : undefined)
    const region = isDefault ? config.region : undefined
    return {
      folder,
      registryUrl,
      isDefault,
      ...(catalogUrl === undefined ? {} : { catalogUrl }),
      ...(region === undefined ? {} : { region }),
    }
  }
  if (options.token !== undefined) {
    const registryUrl = await wantedRegistry(options, config)
    if (registryUrl === undefined) return { explanation: `A token is set, but no stack: ${nameStack}` }
    return { session: sessionAt(registryUrl), explanation: `A token is set, for ${registryUrl}.` }
  }
  const registries = await sessionFiles(folder).registries()
  if (registries.length === 0) return { explanation: `Nobody is signed in in ${folder}: ${logIn}` }
  const wanted = await wantedRegistry(options, config)
  if (wanted === undefined && registries.length > 1) {
    return { explanation: `There are sign-ins to ${registries.join(' and ')}: ${nameStack}` }
  }
  const registryUrl = registries.find((registry) => wanted === undefined || sameUrl(registry, wanted))
  if (registryUrl === undefined) {
    return { explanation: `Nobody is signed in to ${wanted}, only to ${registries.join(' and ')}: ${logIn}` }
  }
  return { session: sessionAt(registryUrl), explanation: `Signed in to ${registryUrl} (${folder}).` }
}

const logIn = 'run quilt-mcp login <catalog URL> (or quilt3 login).'
const nameStack = 'set QUILT_CATALOG_URL or QUILT_REGISTRY_URL, or run quilt-mcp login <catalog URL>.'

async function wantedRegistry(
  { registryUrl, catalogUrl, http }: FindSessionOptions,
  config: Quilt3Config,
): Promise<string | undefined> {
  if (registryUrl !== undefined) return registryUrl
  if (catalogUrl === undefined) return config.registryUrl
  const known = config.catalogUrl !== undefined && sameUrl(catalogUrl, config.catalogUrl)
  return (known ? config.registryUrl : undefined) ?? stackAddress({ catalogUrl }, { http }).registryUrl()
}
