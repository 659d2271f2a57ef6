// Wires the HTTP server from its settings: whose tokens are taken, where they lead, what bounds them. What `serve`, `demo` and tests start.

import { join } from 'node:path'
import {
  createCredentialCache,
  createEntryCache,
  createHttpClient,
  createIndexCache,
  createSearchForms,
  createUploadUrlOffers,
  type HttpClient,
  stackKey,
} from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { createAuthenticator } from '../auth/authenticate.js'
import { createLocalVerifier, type LocalVerifierDeps } from '../auth/local-verifier.js'
import { createRegistryVerifier } from '../auth/registry-verifier.js'
import type { Config } from '../config/schema.js'
import { catalogLinks } from '../mcp/catalog-links.js'
import { serverNarrowing } from '../mcp/narrowing/named-lists.js'
import type { ServerDeps } from '../mcp/server.js'
import { createSpentTokens } from '../mcp/spent-tokens.js'
import { type AllowList, createAllowList } from '../tenancy/allow-list.js'
import { createRegistries } from '../tenancy/registries.js'
import { createStacks } from '../tenancy/stacks.js'
import { createBackendCache } from './backend-cache.js'
import { type RunningServer, startHttp } from './http.js'
import type { SignInRules } from './http-app.js'
import { admission } from './limits/admission.js'
import { failedAuthentications } from './limits/failed-authentications.js'
import { createQuestions } from './limits/questions.js'
import { createMetrics } from './operations/metrics.js'
import { createReadiness } from './operations/readiness.js'
import { type AccessRules, isLoopback } from './origin.js'
import { principalBackend, type RoleAssuming } from './platform-backends.js'

/** What this process may do in AWS in its operator's name, and never in a tenant's: read secrets that verify tokens, and ask for roles. */
export interface Operator {
  readonly credentials: LocalVerifierDeps['credentials']
  readonly signer: RoleAssuming['signer']
  /** Reaches AWS's services also where they have private addresses. Nothing of a tenant's goes through it. */
  readonly http: HttpClient
}

/** Starts MCP over HTTP. Of the settings none is a token: each request brings its own.
 * @param operator absent: settings that need it are refused
 * @throws {QuiltError} `invalid_input` when no stack is named or settings contradict each other; `unsupported` when a port is taken */
export async function serveHttp(config: Config, server: ServerDeps, operator?: Operator): Promise<RunningServer> {
  const { log } = server
  const allowed = createAllowList(config.allowedCatalogs)
  const home = { catalogUrl: config.catalogUrl, registryUrl: config.registryUrl }
  const http = createHttpClient({
    reach: { kind: 'public', alsoOrigins: [...namedOrigins(config), ...allowed.origins] },
  })
  const cacheFolder = config.cacheDir === 'none' ? undefined : config.cacheDir
  const registries = createRegistries(http)
  const questions = createQuestions()
  const calls = await server.calls()

  const running = admission({ maxConcurrent: config.maxConcurrent, rateLimit: config.rateLimit, now: Date.now })
  const metrics = createMetrics({
    tools: [...new Set(calls.registry.known.tools.values())],
    requestsUnderWay: running.underWay,
    backendsOpen: () => backends.size(),
  })
  const shared = {
    http,
    credentialCache: createCredentialCache({ now: Date.now }),
    // In memory, unless a folder is named.
    indexes: createIndexCache({
      folder: cacheFolder,
      onProblem: (error) => log.warn({ error }, 'the cache folder could not be used'),
    }),
    entryCache: createEntryCache(),
    uploadUrlOffers: createUploadUrlOffers(),
    searchForms: createSearchForms(),
    s3Endpoint: config.s3Endpoint,
    assuming: roleAssuming(config, operator?.signer, metrics.roleAssumption),
  }
  const backends = createBackendCache(async (principal) => principalBackend(shared, principal), {
    onCloseError: (error) => log.warn({ error }, 'a backend could not be closed'),
  })
  const registry = createRegistryVerifier({
    check: (token, stack) => questions.ask(() => registries.check(token, stack)),
    onInvalid: (token) => backends.dropToken(token),
    onOtherRole(token, stack) {
      shared.credentialCache.dropAll({ stack: stackKey(stack), token })
      backends.dropToken(token)
    },
  })
  const local = await createLocalVerifier({
    config,
    http,
    awsHttp: operator?.http,
    credentials: operator?.credentials ?? noOperator,
    onProblem: (error) => log.warn({ error }, 'the keys of tokens could not be read again'),
  })
  const started = await startHttp(
    {
      server: { ...server, calls: () => Promise.resolve({ ...calls, observe: metrics.toolCall }) },
      authenticator: createAuthenticator({
        local,
        registry,
        stacks: createStacks(home, allowed),
        assumesRoles: config.assumeRoles,
        allowedRoles: config.allowedRoles,
      }),
      backends,
      linksOf: ({ stack }) => catalogLinks(stack.catalogUrl),
      narrowing: serverNarrowing(config, calls.registry.known),
      confirmations: { spent: createSpentTokens(), policy: config.confirm },
      refused(principal) {
        registry.forget(principal.token)
        backends.drop(principal)
      },
      admission: running,
      failures: failedAuthentications({ now: Date.now }),
      metrics,
      knownNames: calls.registry.known,
      maxRequestBytes: config.maxRequestBytes,
      requestSeconds: config.requestSeconds,
      workFolder: cacheFolder === undefined ? undefined : join(cacheFolder, 'work'),
      access: accessRules(config, allowed),
      signIn: signInRules(config),
      readiness: createReadiness({ now: Date.now, probe: (signal) => registries.reach(home, signal) }),
    },
    config,
  )
  return {
    ...started,
    async close() {
      await started.close()
      await Promise.all([http.close(), operator?.http.close()])
    },
  }
}

/** Places that the operator names may be private: they are not a client's choice. */
function namedOrigins(config: Config): readonly string[] {
  const { catalogUrl, registryUrl, s3Endpoint, stsEndpoint, jwksUrl, oauthIssuer } = config
  return [catalogUrl, registryUrl, s3Endpoint, stsEndpoint, jwksUrl, oauthIssuer].flatMap((url) =>
    url === undefined ? [] : [new URL(url).origin],
  )
}

/** Absent without an authorization server: then there is nowhere to send clients. */
const signInRules = ({ publicUrl, oauthIssuer: issuer, oauthScope: scope }: Config): SignInRules | undefined =>
  publicUrl === undefined || issuer === undefined ? undefined : { publicUrl, issuer, scope }

function accessRules(
  { host, catalogUrl, publicUrl, allowedHosts, allowedOrigins }: Config,
  allowed: AllowList,
): AccessRules {
  const named = [...allowedHosts, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])]
  const catalog = catalogUrl === undefined ? undefined : new URL(catalogUrl).origin
  return {
    hosts: named.length > 0 || isLoopback(host) ? new Set(named.map((name) => name.toLowerCase())) : undefined,
    origins: allowedOrigins,
    isCatalog: (origin) => origin === catalog || allowed.allows(origin),
  }
}

function roleAssuming(
  { assumeRoles, awsRegion = 'us-east-1', stsEndpoint }: Config,
  signer: RoleAssuming['signer'] | undefined,
  onOutcome: RoleAssuming['onOutcome'],
): RoleAssuming | undefined {
  if (!assumeRoles) return undefined
  if (signer === undefined) return noOperator()
  return { signer, region: awsRegion, endpoint: stsEndpoint, onOutcome }
}

function noOperator(): never {
  throw new QuiltError(
    'invalid_input',
    'these settings need AWS credentials of the server itself, which it was not given',
    {
      hint: 'Only quilt-mcp serve assumes roles and reads secrets from AWS.',
    },
  )
}
