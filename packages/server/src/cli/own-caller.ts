// The user of this machine as a caller: their own backend, found from the settings when it is first needed.
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type {
  Backend,
  HttpClient,
  IndexCache,
  SelectionStep,
  Surroundings,
  UnfinishedUploads,
} from '@quilt-mcp/backends'
import type { Config } from '../config/schema.js'
import { cacheFolder } from '../config/user-folders.js'
import { createLog } from '../context/log.js'
import { ownFiles } from '../local-files/own-files.js'
import type { Caller } from '../mcp/caller.js'
import { catalogLinks } from '../mcp/catalog-links.js'
import { confirmationTokens } from '../mcp/confirmation-tokens.js'
import { createSpentTokens } from '../mcp/spent-tokens.js'

export interface OwnCaller extends Caller {
  /** Closes the backend and its connections, if there was a call. */
  close(): Promise<void>
}

export interface OwnCallerOptions {
  /** Where sessions, AWS credentials and local registries are looked for. Absent: none is. */
  readonly surroundings?: Surroundings
  /** Where relative paths of files count from. Absent, or without surroundings: no file of this machine is read. */
  readonly workingDir?: string
  /** What is wrong with the settings: while there is something, nothing is opened and every call says so. */
  readonly problems?: readonly SelectionStep[]
}

/** The caller whose credentials the settings hold, or this machine does. Loads nothing heavy before the first call. */
export function ownCaller(
  config: Config,
  { surroundings, workingDir, problems = [] }: OwnCallerOptions = {},
): OwnCaller {
  const { token } = config
  const folder = ownCacheFolder(config.cacheDir, surroundings)
  let http: HttpClient | undefined
  let indexes: IndexCache | undefined
  let unfinishedUploads: UnfinishedUploads | undefined
  let backend: Promise<Backend> | undefined
  let catalogUrl = config.catalogUrl
  const log = createLog(config.logLevel)

  const open = async (): Promise<Backend> => {
    const { createHttpClient, createIndexCache, createUnfinishedUploads, selectBackend, unauthenticatedBackend } =
      await import('@quilt-mcp/backends')
    if (problems.length > 0) return unauthenticatedBackend({ trace: problems })
    http ??= createHttpClient()
    if (config.deployment === 'embedded' && surroundings !== undefined) {
      return (await import('./embedded.js')).embeddedBackend({ surroundings, http })
    }
    const onProblem = (error: unknown) => log.warn({ error }, 'the cache folder could not be used')
    indexes ??= createIndexCache({ folder, onProblem })
    if (folder !== undefined)
      unfinishedUploads ??= createUnfinishedUploads({ folder: join(folder, 'uploads'), onProblem })
    const useSession = !config.disableSession
    const searchFolder = config.searchIndex ?? (folder === undefined ? undefined : join(folder, 'search'))
    const opened = await selectBackend({
      ...config,
      useSession,
      surroundings,
      http,
      indexes,
      unfinishedUploads,
      searchFolder,
    })
    catalogUrl = config.catalogUrl ?? opened.catalogUrl
    return opened
  }
  const opening = (): Promise<Backend> => {
    const made = open()
    const forget = () => {
      if (backend === made) backend = undefined
    }
    // Looked for again at the next call: by then the user may have signed in, or corrected what kept it from opening.
    made.then(({ name }) => (name === 'unauthenticated' ? forget() : undefined), forget)
    return made
  }
  /** The connections stay: another call may be under way. */
  const drop = async (): Promise<void> => {
    const dropped = backend
    backend = undefined
    await dropped?.then(
      (opened) => opened.close(),
      () => {}, // Whoever asked for it has the error.
    )
  }
  return {
    environment: 'desktop-stdio',
    ...(token !== undefined && {
      auth: { scheme: token.startsWith('qk_') ? 'api-key' : 'bearer', accessToken: token, claims: {}, extras: {} },
    }),
    principal: 'local',
    view: { surface: 'ours', readOnly: config.readOnly },
    tokens: confirmationTokens(randomBytes(32), { spent: createSpentTokens(), policy: config.confirm }),
    ...(folder !== undefined && { workFolder: { path: join(folder, 'work'), owner: ownerOf(config) } }),
    ...(surroundings !== undefined &&
      workingDir !== undefined && { localFiles: ownFiles(config, { ...surroundings, workingDir }) }),
    links: () => catalogLinks(catalogUrl),
    backend: () => (backend ??= opening()),
    failed: (error) => {
      if (error.code === 'unauthenticated') void drop()
    },
    async close() {
      await drop()
      await http?.close()
    },
  }
}

/** The user of this machine, as one of its stacks and tokens. */
const ownerOf = ({ token, catalogUrl, registryUrl, s3Endpoint, backend }: Config): string =>
  createHash('sha256')
    .update(JSON.stringify(['local', token, catalogUrl, registryUrl, s3Endpoint, backend]))
    .digest('hex')

/** Undefined: in memory only. */
function ownCacheFolder(cacheDir: string | undefined, surroundings: Surroundings | undefined): string | undefined {
  if (cacheDir === 'none') return undefined
  return cacheDir ?? (surroundings === undefined ? undefined : cacheFolder(surroundings))
}
