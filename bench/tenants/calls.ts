// What tenants ask: for their own, in all ways that there are, and now and then for what is another's.
import type { Random } from '../../e2e/fuzz/random.js'
import type { Tenant } from './tenants.js'

export interface Call {
  /** Under which it is counted: the tool, the method, or the trick. */
  readonly row: string
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  /** Default: `/mcp`. */
  readonly path?: string
  /** Beside, or instead of, those that say who asks. */
  readonly headers?: Readonly<Record<string, string>>
  /** `own`: served, or failed by a disturbance; `refused`: never served; `either`: served from what is the caller's own, or refused. */
  readonly expected: 'own' | 'refused' | 'either'
  /** What a good answer holds. */
  readonly holds: readonly string[]
  /** What it holds instead where it is an answer that nobody is signed in: a disturbance may make it so. */
  readonly orHolds?: string
}

/** What a tenant was given that is for itself alone. */
export interface Handles {
  readonly objectsCursor: string
  readonly packageCursor: string
  /** Confirms that its package is deleted. */
  readonly confirm: string
}

export interface Asking {
  readonly tenant: Tenant
  readonly random: Random
  /** Number of the call, for names of what is written. */
  readonly index: number
}

const tool = (name: string, args: object, holds: readonly string[], more: Partial<Call> = {}): Call => ({
  row: name,
  method: 'tools/call',
  params: { name, arguments: args },
  expected: 'own',
  holds,
  ...more,
})

const packageUri = ({ bucket, package: name }: Tenant): string => `quilt+s3://${bucket}#package=${name}`
const ofPackage = ({ bucket, package: name }: Tenant) => ({ bucket, package: name })
const objectUri = ({ bucket, key }: Tenant): string => `s3://${bucket}/${key}`

const textOf = (tenant: Tenant): string => `Written by ${tenant.user}: ${tenant.secret}\n`

/** What fills a tenant's bucket and package, in this order: two objects, two revisions of two entries. */
export const fillingCalls = (tenant: Tenant): readonly Call[] => [
  tool('object_put', { uri: objectUri(tenant), text: textOf(tenant) }, [tenant.bucket]),
  tool('object_put', { uri: `${objectUri(tenant)}.copy`, text: textOf(tenant) }, [tenant.bucket]),
  tool(
    'package_create',
    {
      ...ofPackage(tenant),
      message: `First of ${tenant.secret}`,
      metadata: { secret: tenant.secret },
      entries: ['a.txt', 'b.txt'].map((logical_key) => ({ logical_key, text: textOf(tenant) })),
    },
    [tenant.package],
  ),
  updating({ tenant, index: 0 }),
]

/** The calls whose answers hold the tenant's handles. */
export const handleCalls = (tenant: Tenant): Readonly<Record<keyof Handles, Call>> => ({
  objectsCursor: tool('bucket_objects_list', { bucket: tenant.bucket, recursive: true, limit: 1 }, [tenant.bucket]),
  packageCursor: tool('package_browse', { ...ofPackage(tenant), limit: 1 }, [tenant.secret]),
  confirm: tool('package_delete', { ...ofPackage(tenant), revision: 'all' }, [], { expected: 'refused' }),
})

const updating = ({ tenant, index }: Pick<Asking, 'tenant' | 'index'>): Call =>
  tool(
    'package_update',
    {
      ...ofPackage(tenant),
      message: `Change ${index} of ${tenant.secret}`,
      metadata: { secret: tenant.secret, index },
      add: [{ logical_key: 'b.txt', text: `${textOf(tenant)}${index}\n` }],
    },
    [tenant.package],
  )

type Maker = (asking: Asking) => Call

/** How often, and what. */
const ownCalls: readonly (readonly [times: number, make: Maker])[] = [
  [6, ({ tenant }) => tool('bucket_list', {}, [tenant.bucket])],
  [8, ({ tenant }) => tool('bucket_objects_list', { bucket: tenant.bucket, recursive: true }, [tenant.key])],
  [6, ({ tenant }) => tool('object_info', { uri: objectUri(tenant) }, [tenant.key])],
  [8, ({ tenant }) => tool('object_read', { uri: objectUri(tenant) }, [tenant.secret])],
  [8, ({ tenant }) => tool('object_read', { uri: `${packageUri(tenant)}&path=a.txt` }, [tenant.secret])],
  [4, ({ tenant }) => tool('object_link', { uri: objectUri(tenant) }, [tenant.bucket])],
  [6, ({ tenant }) => tool('package_list', { bucket: tenant.bucket }, [tenant.package])],
  [8, ({ tenant }) => tool('package_browse', ofPackage(tenant), [tenant.secret])],
  [6, ({ tenant }) => tool('package_revisions', ofPackage(tenant), [tenant.secret])],
  [4, ({ tenant }) => tool('package_diff', ofPackage(tenant), [])],
  [4, ({ tenant }) => tool('catalog_link', { target: packageUri(tenant) }, [tenant.package])],
  [4, ({ tenant }) => tool('catalog_status', {}, [tenant.user], { orHolds: '"signed_in":false' })],
  [3, ({ tenant }) => tool('get_resource', { uri: 'quilt-platform://me' }, [tenant.user], { orHolds: 'problem' })],
  [3, ({ tenant }) => ({ ...resource('me'), holds: [tenant.user], orHolds: 'problem' })],
  [3, ({ tenant }) => ({ ...resource('buckets'), holds: [tenant.bucket] })],
  [3, () => ({ row: 'tools/list', method: 'tools/list', params: {}, expected: 'own', holds: ['package_browse'] })],
  [
    1,
    () => ({ row: 'tools/list', method: 'tools/list', params: {}, path: hosted, expected: 'own', holds: ['"tools"'] }),
  ],
  [2, updating],
  [
    3,
    ({ tenant, index }) =>
      tool('object_put', { uri: `${objectUri(tenant)}.${index}`, text: textOf(tenant) }, [tenant.bucket]),
  ],
  [
    4,
    ({ tenant, random }) => {
      const narrow: Partial<Call> = random.pick([
        { headers: { 'X-Quilt-Bucket': tenant.bucket } },
        { headers: { 'X-MCP-Readonly': 'true' } },
        { headers: { 'X-MCP-Tools': 'object_read' } },
        { path: `/mcp/b/${tenant.bucket}/readonly` },
      ])
      return tool('object_read', { uri: objectUri(tenant) }, [tenant.secret], {
        row: 'narrowed object_read',
        ...narrow,
      })
    },
  ],
]

const hosted = '/mcp/platform/mcp'
const resource = (name: string): Call => ({
  row: 'resources/read',
  method: 'resources/read',
  params: { uri: `quilt-platform://${name}` },
  expected: 'own',
  holds: [],
})

type ForeignMaker = (
  asking: Asking & { readonly victim: Tenant; readonly stolen: Handles; readonly catalogs: readonly string[] },
) => Call

/** What must not be served: each asks in its own name for what is the victim's. */
const foreignCalls: readonly ForeignMaker[] = [
  ({ victim }) => refused('object_read', { uri: objectUri(victim) }),
  ({ victim }) => refused('object_read', { uri: `${packageUri(victim)}&path=a.txt` }),
  ({ victim }) => refused('object_info', { uri: objectUri(victim) }),
  ({ victim }) => refused('object_link', { uri: objectUri(victim) }),
  ({ victim }) => refused('bucket_objects_list', { bucket: victim.bucket, recursive: true }),
  ({ victim }) => refused('package_list', { bucket: victim.bucket }),
  ({ victim }) => refused('package_browse', ofPackage(victim)),
  ({ victim }) => refused('package_revisions', ofPackage(victim)),
  ({ victim }) => refused('package_diff', ofPackage(victim)),
  ({ victim }) => refused('object_put', { uri: `${objectUri(victim)}.theft`, text: 'x' }),
  ({ victim, tenant }) =>
    refused('package_update', { ...ofPackage(victim), message: tenant.secret, add: [{ logical_key: 'x', text: 'x' }] }),
  ({ victim, tenant }) =>
    refused('package_create', {
      package: 'team/loot',
      bucket: tenant.bucket,
      message: 'x',
      entries: [{ logical_key: 'x.txt', uri: objectUri(victim) }],
    }),
  ({ victim, stolen }) => refused('package_delete', { ...ofPackage(victim), revision: 'all', confirm: stolen.confirm }),
  ({ tenant, stolen }) => ({
    ...refused('package_delete', { ...ofPackage(tenant), revision: 'all', confirm: stolen.confirm }),
    row: "another's confirmation",
  }),
  ({ tenant, stolen }) => ({
    ...refused('bucket_objects_list', { bucket: tenant.bucket, recursive: true, cursor: stolen.objectsCursor }),
    row: "another's cursor",
    expected: 'either',
  }),
  ({ tenant, stolen }) => ({
    ...refused('package_browse', { ...ofPackage(tenant), cursor: stolen.packageCursor }),
    row: "another's cursor",
    expected: 'either',
  }),
  ({ victim }) => refused('role_switch', { role: victim.role }),
  ({ tenant, victim }) => ({
    ...refused('object_read', { uri: objectUri(tenant) }),
    row: "another's bucket in a header",
    headers: { 'X-Quilt-Bucket': victim.bucket },
  }),
  ({ tenant }) => ({
    ...refused('object_put', { uri: objectUri(tenant), text: 'x' }),
    row: 'write, narrowed to reading',
    path: `/mcp/b/${tenant.bucket}/readonly`,
  }),
  ({ victim }) => ({
    ...refused('catalog_status', {}),
    row: "another's role in a header",
    headers: { 'X-Quilt-User-Role': `arn:aws:iam::123456789012:role/${victim.role}` },
  }),
  ({ tenant, catalogs }) => ({
    ...refused('bucket_list', {}),
    row: "another stack's catalog",
    headers: { 'X-Quilt-Catalog-URL': catalogs.find((_, at) => (at === 0) !== (tenant.stack === 'home')) ?? '' },
  }),
]

const refused = (name: string, args: object): Call =>
  tool(name, args, [], { row: `${name}, another's`, expected: 'refused' })

const allTimes = ownCalls.reduce((sum, [times]) => sum + times, 0)

/** A call for the tenant's own. */
export function ownCall(asking: Asking): Call {
  let at = asking.random.below(allTimes)
  for (const [times, make] of ownCalls) {
    if (at < times) return make(asking)
    at -= times
  }
  throw new RangeError('more was drawn than there is')
}

/** A call for what is another's. @param catalogs of the home stack, and of the other */
export const foreignCall: ForeignMaker = (asking) => asking.random.pick(foreignCalls)(asking)
