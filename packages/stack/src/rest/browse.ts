// `/browse/...`: files of a package through a browsing session, as redirects to presigned S3 URLs (formats.md 6.4).
import { parsePhysicalKey } from '@quilt-mcp/core'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import type { IdentityStore } from '../identity/identity-store.js'
import { mayAccess } from '../identity/policy.js'
import type { IssuedCredentials, Principal } from '../identity/principal.js'
import type { RegistryPackages } from '../packages/registry-packages.js'
import { refusal } from './answer.js'
import type { BrowseSession, BrowseSessions } from './browse-sessions.js'
import { findCaller, requireCaller } from './caller.js'
import { presignedUrl } from './presign.js'

export interface BrowseDeps {
  readonly identity: IdentityStore
  readonly browseSessions: BrowseSessions
  /** What browsing needs of the registry's packages. */
  readonly packages: Pick<RegistryPackages, 'entry'>
  readonly s3Endpoint: () => string
  /** Seconds for which issued credentials live. */
  readonly credentialSeconds: number
  readonly now: () => Date
}

const cookieName = 'quilt_browse'
const cookieSeconds = 3600
const urlSeconds = 300

export function browseApi(deps: BrowseDeps): Hono {
  const { identity, browseSessions, packages, s3Endpoint, now } = deps
  const credentialsOf = ownerCredentials(deps)
  const app = new Hono()
  app.use('/browse/*', cors({ origin: '*', exposeHeaders: ['content-length', 'content-range', 'etag'] }))

  app.post('/browse/set_browse_cookie', async (c) => {
    const { token } = await requireCaller(identity, c.req.header('authorization'))
    setCookie(c, cookieName, token, { path: '/browse', httpOnly: true, sameSite: 'Lax', maxAge: cookieSeconds })
    return c.json({})
  })

  app.get('/browse/:session/*', async (c) => {
    const session = browseSessions.find(c.req.param('session'))
    const principal = await visitor(c, identity)
    if (session === undefined) throw refusal(404, 'The browsing session does not exist or has ended.')
    requireAccess(session, principal, identity)
    const logicalKey = logicalKeyOf(c.req.url)
    const entry = await packages.entry(session.bucket, session.name, session.topHash, logicalKey)
    const place = entry && parsePhysicalKey(entry.physicalKey)
    if (place?.kind !== 's3') throw refusal(404, `The package has no file ${logicalKey}.`)
    const url = presignedUrl({
      method: c.req.method === 'HEAD' ? 'HEAD' : 'GET',
      endpoint: s3Endpoint(),
      bucket: place.bucket,
      key: place.key,
      versionId: place.versionId,
      credentials: credentialsOf(principal),
      seconds: urlSeconds,
      now: now(),
    })
    c.header('cache-control', 'no-store')
    return c.redirect(url, 307)
  })

  return app
}

/** Who asks: by the `Authorization` header, or by the cookie. @throws {HTTPException} 401 */
async function visitor(c: Context, identity: IdentityStore): Promise<Principal> {
  const caller = (await findCaller(identity, c.req.header('authorization'))) ?? {
    principal: await identity.byBearer(getCookie(c, cookieName) ?? ''),
  }
  if (caller.principal === undefined) throw refusal(401, 'Sign in first: browsing needs the browse cookie or a token.')
  return caller.principal
}

/** @throws {HTTPException} 403 */
function requireAccess({ ownerUserId, bucket }: BrowseSession, principal: Principal, identity: IdentityStore): void {
  if (ownerUserId !== principal.userId) throw refusal(403, 'The browsing session belongs to another user.')
  if (!mayAccess(principal, bucket, 'READ')) throw refusal(403, 'The role may not read this bucket.')
  if (identity.bucketRecord(bucket)?.browsable !== true) throw refusal(403, 'The bucket is not browsable.')
}

/** What stands behind the session's id. @throws {HTTPException} 400 for broken percent-encoding */
function logicalKeyOf(url: string): string {
  const path = new URL(url).pathname.split('/').slice(3).join('/')
  try {
    return decodeURIComponent(path)
  } catch (cause) {
    if (cause instanceof URIError) throw refusal(400, 'The path is not percent-encoded UTF-8.')
    throw cause
  }
}

/** Credentials that the redirects of a principal are signed with. Issuing is a write: they are used again while they outlive a URL. */
function ownerCredentials({
  identity,
  credentialSeconds,
  now,
}: BrowseDeps): (principal: Principal) => IssuedCredentials {
  const held = new Map<string, IssuedCredentials>()
  return (principal) => {
    const holder = JSON.stringify([principal.userId, principal.roleName])
    const known = held.get(holder)
    if (known !== undefined && known.expires.getTime() - now().getTime() >= urlSeconds * 1000) return known
    const issued = identity.issueCredentials(principal, Math.max(credentialSeconds, urlSeconds))
    held.set(holder, issued)
    return issued
  }
}
