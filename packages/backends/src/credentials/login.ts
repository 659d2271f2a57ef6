// Signing in and out as quilt3 does, into its own files (formats.md 5.5): one login for both.
import { QuiltError } from '@quilt-mcp/core'
import type { HttpClient } from '../http/client.js'
import { checkToken, type Me } from '../identity.js'
import { quilt3DataFolders } from '../quilt3-folders.js'
import { stackAddress } from '../registry-api/address.js'
import { exchangeRefreshToken } from '../registry-api/refresh-token.js'
import type { CatalogConfig } from '../registry-api/rest.js'
import type { Surroundings } from '../surroundings.js'
import { exchange } from './exchange.js'
import type { ExchangeOutcome } from './outcome.js'
import { readTextFile } from './private-file.js'
import { readQuilt3Config, writeQuilt3Config } from './session-config.js'
import { sameUrl, sessionFiles } from './session-files.js'
import { quilt3DataFolder } from './session-folder.js'

export interface LoginTargetOptions extends Surroundings {
  /** A catalog that is to become quilt3's own: its address, with or without `https://`. */
  readonly catalog?: string | undefined
  /** Where to sign in otherwise. Absent: where quilt3's settings say. */
  readonly catalogUrl?: string | undefined
  readonly registryUrl?: string | undefined
  readonly http: HttpClient
}

/** Where somebody is about to sign in. */
export interface LoginTarget {
  readonly folder: string
  readonly registryUrl: string
  readonly catalogUrl?: string
  /** Shows a code to those who sign in there. */
  readonly loginPage: string
  /** What goes into quilt3's settings; absent: they stay. */
  readonly writes?: CatalogConfig
}

/** Finds where to sign in. Changes nothing.
 * @throws {QuiltError} `invalid_input` when no stack is known or an address is malformed; `upstream` when it is no catalog */
export async function loginTarget(options: LoginTargetOptions): Promise<LoginTarget> {
  const { http } = options
  const folder = await quilt3DataFolder(options)
  const named = options.catalog === undefined ? undefined : withScheme(options.catalog)
  // A login that names its catalog writes the settings anew: what is wrong with them must not stand in its way.
  const config = named === undefined ? await readQuilt3Config(folder) : {}
  const urls = named !== undefined ? { catalogUrl: named } : isSet(options) ? options : config
  const { catalogUrl, registryUrl } = { registryUrl: undefined, ...urls }
  if (catalogUrl === undefined && registryUrl === undefined) {
    throw new QuiltError('invalid_input', 'it is not known where to sign in', {
      hint: 'Name your catalog: quilt-mcp login https://your-catalog.example.com',
    })
  }
  const address = stackAddress({ catalogUrl, registryUrl }, { http })
  const found = await address.registryUrl()
  // quilt3 looks for the text that its settings hold.
  const registry = config.registryUrl !== undefined && sameUrl(config.registryUrl, found) ? config.registryUrl : found
  const becomesDefault = named !== undefined || config.registryUrl === undefined
  const catalog = catalogUrl !== undefined && becomesDefault ? await address.catalog() : undefined
  return {
    folder,
    registryUrl: registry,
    ...(catalogUrl === undefined ? {} : { catalogUrl: catalogUrl.replace(/\/+$/, '') }),
    loginPage: `${found}/login`,
    ...(catalog === undefined ? {} : { writes: catalog.config }),
  }
}

/** What a login came to. */
export interface LoggedIn {
  /** Absent when the registry could not be asked. */
  readonly user?: Me
  /** Why there are no AWS credentials; absent when there are. */
  readonly withoutCredentials?: string
}

/** Trades the code of the login page for tokens and AWS credentials, and writes them down. When the code is not taken nothing is changed.
 * @throws {QuiltError} `unauthenticated` when the code is not taken; `invalid_input` when it cannot be one; `forbidden` when the folder
 *   cannot be written */
export async function logIn(
  code: string,
  { target, http }: { readonly target: LoginTarget; readonly http: HttpClient },
): Promise<LoggedIn> {
  checkCode(code)
  const { folder, registryUrl, catalogUrl, writes } = target
  const files = sessionFiles(folder)
  // Under the lock from the start: a code that is used up while the folder cannot be written would be lost.
  const token = await files.locked(async () => {
    const tokens = await exchangeRefreshToken(registryUrl, code.trim(), { http })
    if (catalogUrl !== undefined && writes !== undefined) {
      await writeQuilt3Config(folder, { catalogUrl, registryUrl, config: writes })
    }
    await files.addTokens(registryUrl, tokens)
    return tokens.accessToken
  })
  const [user, outcome] = await Promise.all([
    checkToken({ registryUrl, token, http }).catch(unlessQuiltError),
    exchange({ registryUrl: registryUrl.replace(/\/+$/, ''), token, http }).catch(refusedBy),
  ])
  const config = await readQuilt3Config(folder)
  if (config.registryUrl !== undefined && sameUrl(config.registryUrl, registryUrl)) {
    // Those that were there may be of another stack: better none than wrong ones.
    await files.locked(() => files.keepCredentials(outcome.kind === 'credentials' ? outcome.credentials : undefined))
  }
  return {
    ...(user === undefined ? {} : { user }),
    ...(outcome.kind === 'credentials' ? {} : { withoutCredentials: outcome.error.message }),
  }
}

/** Signs out of all registries, as quilt3 does. The registry is not asked. @returns the folders in which somebody was signed in */
export async function logOut(surroundings: Surroundings): Promise<readonly string[]> {
  const left: string[] = []
  for (const folder of quilt3DataFolders(surroundings)) {
    const files = sessionFiles(folder)
    const texts = await Promise.all([files.authPath, files.credentialsPath].map(readTextFile))
    if (texts.every((text) => text === undefined)) continue
    if (await files.locked(() => files.clear())) left.push(folder)
  }
  return left
}

const isSet = ({ catalogUrl, registryUrl }: LoginTargetOptions): boolean =>
  catalogUrl !== undefined || registryUrl !== undefined

function withScheme(catalog: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(catalog) ? catalog : `https://${catalog}`
}

function checkCode(code: string): void {
  if (code.trim() === '') {
    throw new QuiltError('invalid_input', 'there is no code', { hint: 'Copy the code from the login page.' })
  }
  if (!code.trim().startsWith('qk_')) return
  throw new QuiltError('invalid_input', 'this is an API key, not the code of the login page', {
    hint: 'An API key needs no login, and is never written down: set QUILT_API_KEY to it.',
  })
}

function unlessQuiltError(error: unknown): undefined {
  if (!(error instanceof QuiltError)) throw error
}

function refusedBy(error: unknown): ExchangeOutcome {
  if (error instanceof QuiltError) return { kind: 'refused', error }
  throw error
}
