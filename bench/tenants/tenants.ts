// The tenants: each a user alone in its role, with a bucket and a package of its own, and markers in all of it.

import type { Stack } from '@quilt-mcp/stack'
import { hmacToken, inSeconds } from '../../e2e/auth/tokens.js'
import { plant } from '../../e2e/canaries.js'
import type { Random } from '../../e2e/fuzz/random.js'
import { markerOf } from './markers.js'

export const stackNames = ['home', 'other'] as const
export type StackName = (typeof stackNames)[number]

export const tokenKinds = ['API key', 'session token', 'platform token', 'bounded platform token'] as const
export type TokenKind = (typeof tokenKinds)[number]

export interface Tenant {
  readonly index: number
  readonly stack: StackName
  readonly kind: TokenKind
  /** Hold the marker of its names. */
  readonly user: string
  readonly role: string
  readonly bucket: string
  /** `<namespace>/<name>` */
  readonly package: string
  /** Key of the object that the package holds, and logical key of it. */
  readonly key: string
  /** The marker of its contents: in texts, metadata and messages. */
  readonly secret: string
  /** Who it says it is: `Authorization`, and for a token that does not tell its stack `X-Quilt-Catalog-URL`. */
  readonly headers: Readonly<Record<string, string>>
  /** What it sends to this server, and what goes from there to its registry: the same, but for platform tokens. */
  readonly token: string
  readonly registryToken: string
}

/** Where tenants live, as the server knows it. */
export interface Home {
  readonly stacks: Readonly<Record<StackName, Pick<Stack, 'admin'>>>
  readonly catalogUrls: Readonly<Record<StackName, string>>
  readonly jwtSecret: string
}

/** Makes the tenants. Token kinds and stacks alternate; the last `keyed` have API keys of the home stack. A bounded token's role reaches
 * the bucket of another tenant too, which the token leaves out. */
export async function makeTenants(
  { alternating, keyed }: { readonly alternating: number; readonly keyed: number },
  home: Home,
  random: Random,
): Promise<readonly Tenant[]> {
  const plans = Array.from({ length: alternating + keyed }, (_, index) =>
    index < alternating
      ? planOf(index, random)
      : ({ ...planOf(index, random), stack: 'home', kind: 'API key' } as const),
  )
  for (const { stack, bucket } of plans) home.stacks[stack].admin.createBucket({ name: bucket, browsable: true })
  return Promise.all(plans.map((plan) => settled(plan, bucketsOf(plan, plans), home)))
}

type Plan = Omit<Tenant, 'headers' | 'token' | 'registryToken'>

function planOf(index: number, random: Random): Plan {
  const marker = (kind: 'n' | 's') => markerOf(kind, index, hexOf(random))
  const name = marker('n')
  return {
    index,
    stack: stackNames[Math.floor(index / tokenKinds.length) % 2] ?? 'home',
    kind: tokenKinds[index % tokenKinds.length] ?? 'API key',
    user: `user-${name}`,
    role: `role-${name}`,
    bucket: `lab-${name}`,
    package: `team/${name}`,
    key: `team/${name}.txt`,
    secret: plant('object text', marker('s')),
  }
}

const hexOf = (random: Random): string => Array.from({ length: 12 }, () => random.below(16).toString(16)).join('')

/** The buckets of the tenant's role: its own, and of a bounded one the next tenant's on the same stack. */
function bucketsOf(plan: Plan, plans: readonly Plan[]): Readonly<Record<string, 'READ_WRITE' | 'READ'>> {
  const others = plan.kind === 'bounded platform token' ? plans.filter(({ stack }) => stack === plan.stack) : []
  const next = others[(others.indexOf(plan) + 1) % others.length]
  return { ...(next && { [next.bucket]: 'READ' }), [plan.bucket]: 'READ_WRITE' }
}

async function settled(plan: Plan, permissions: ReturnType<typeof bucketsOf>, home: Home): Promise<Tenant> {
  const { user, role, stack, kind, bucket } = plan
  const { admin } = home.stacks[stack]
  admin.createRole({ name: role, permissions })
  admin.createUser({ name: user, email: `${user}@example.com`, role })
  const registryToken = plant('token', kind === 'API key' ? admin.apiKey(user) : await admin.sessionToken(user))
  if (kind === 'API key' || kind === 'session token') {
    const catalog: Record<string, string> = stack === 'home' ? {} : { 'X-Quilt-Catalog-URL': home.catalogUrls[stack] }
    return {
      ...plan,
      headers: { Authorization: `Bearer ${registryToken}`, ...catalog },
      token: registryToken,
      registryToken,
    }
  }
  const claims = {
    sub: user,
    exp: inSeconds(7200),
    catalog_token: registryToken,
    ...(stack !== 'home' && { catalog_url: home.catalogUrls[stack] }),
    ...(kind === 'bounded platform token' && { buckets: [bucket] }),
  }
  const token = plant('token', hmacToken(claims, home.jwtSecret))
  return { ...plan, headers: { Authorization: `Bearer ${token}` }, token, registryToken }
}
