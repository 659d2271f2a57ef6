// All that can be configured. Flags, environment variables, the file, `--help` and messages are derived from this one schema.
import { z } from 'zod'
import { logLevels } from '../context/log.js'
import { deployments } from './deployment.js'

/** Where a setting can be given, beside its meaning. */
interface SettingSource {
  /** `--name` */
  readonly flag: string
  /** Environment variables, the first that is set counts. Empty text means not set. */
  readonly env: readonly string[]
  /** What stands for the value in `--help`. Absent for switches. */
  readonly value?: string
  /** Never shown, neither in help nor in messages. */
  readonly secret?: boolean
  /** Several values: the flag may be repeated, texts are split at commas, a file may hold a list. */
  readonly list?: boolean
}

/** Ties a schema to its flag and variables. */
function setting<Schema extends z.ZodType>(schema: Schema, description: string, source: SettingSource): Schema {
  sources.add(schema, { ...source, description })
  return schema
}
const sources = z.registry<SettingSource & { readonly description: string }>()

const webOrigin = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
  .transform((url) => url.replace(/\/+$/, ''))

/** Texts with commas between, or a list of such texts. A schema of its own for each setting: its source hangs on it. */
const list = () =>
  z
    .union([z.string(), z.array(z.string())])
    .default('')
    .transform((given) =>
      [given]
        .flat()
        .flatMap((text) => text.split(','))
        .map((item) => item.trim().replace(/\/+$/, ''))
        .filter((item) => item !== ''),
    )

const registry = z.string().refine((text) => /^(s3|file):\/\//.test(text) || /^[a-z0-9][a-z0-9.-]*$/.test(text), {
  error: 'expected s3://bucket, file:///path or the name of a bucket',
})

const backendChoices = ['auto', 'platform', 'session', 'iam', 'local'] as const

export const configSchema = z.strictObject({
  configFile: setting(
    z.string().min(1).optional(),
    'File with settings, YAML or JSON. Default: config.yaml in the folder of settings.',
    {
      flag: '--config',
      env: ['QUILT_MCP_CONFIG'],
      value: 'file',
    },
  ),
  deployment: setting(
    z.enum(deployments).optional(),
    'Preset of backend and transport: remote (platform, http), local (auto, stdio), legacy (session, stdio), embedded (a stack inside this process, stdio).',
    { flag: '--deployment', env: ['QUILT_DEPLOYMENT'], value: 'preset' },
  ),
  backend: setting(
    z.enum(backendChoices).default('auto'),
    `Where packages come from: ${backendChoices.join(', ')}. auto takes the first that can.`,
    { flag: '--backend', env: ['QUILT_BACKEND'], value: 'name' },
  ),
  transport: setting(
    z
      .enum(['stdio', 'http', 'streamable-http'], {
        error: 'expected stdio or http (sse is retired: its clients call /mcp over http)',
      })
      .transform((name) => (name === 'stdio' ? name : ('http' as const)))
      .default('stdio'),
    'How clients are answered when no command is named: stdio or http.',
    { flag: '--transport', env: ['QUILT_MCP_TRANSPORT', 'FASTMCP_TRANSPORT'], value: 'name' },
  ),
  catalogUrl: setting(webOrigin.optional(), 'Address of the Quilt web catalog.', {
    flag: '--catalog-url',
    env: ['QUILT_CATALOG_URL'],
    value: 'url',
  }),
  registryUrl: setting(webOrigin.optional(), 'Address of the registry. Default: what the catalog says.', {
    flag: '--registry-url',
    env: ['QUILT_REGISTRY_URL'],
    value: 'url',
  }),
  token: setting(
    z.string().min(1).optional(),
    'API key (qk_...) or catalog session token of the user; not used by serve.',
    {
      flag: '--token',
      env: ['QUILT_API_KEY'],
      value: 'token',
      secret: true,
    },
  ),
  disableSession: setting(
    z.stringbool().default(false),
    'Do not look for a Quilt session (quilt-mcp login, quilt3 login).',
    {
      flag: '--disable-quilt3-session',
      env: ['QUILT_DISABLE_QUILT3_SESSION'],
    },
  ),
  registries: setting(
    list().pipe(z.array(registry)),
    'Registries to serve: s3://bucket, the name of a bucket, or file:///path.',
    { flag: '--registry', env: ['QUILT_REGISTRIES', 'QUILT_BUCKETS'], value: 'url', list: true },
  ),
  localRegistry: setting(
    z.string().min(1).optional(),
    'Folder of the local registry, as path or file:// URL. Default: that of quilt3.',
    { flag: '--local-registry', env: ['QUILT_LOCAL_REGISTRY'], value: 'folder' },
  ),
  awsProfile: setting(z.string().min(1).optional(), 'AWS profile of the iam backend.', {
    flag: '--aws-profile',
    env: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'],
    value: 'name',
  }),
  awsRegion: setting(z.string().min(1).optional(), 'AWS region of the iam backend. Default: that of the profile.', {
    flag: '--aws-region',
    env: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    value: 'name',
  }),
  requesterPays: setting(list(), 'Buckets whose requests you pay for, by name.', {
    flag: '--requester-pays',
    env: ['QUILT_REQUESTER_PAYS'],
    value: 'list',
    list: true,
  }),
  s3Endpoint: setting(webOrigin.optional(), 'S3 server to use instead of AWS.', {
    flag: '--s3-endpoint',
    env: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
    value: 'url',
  }),
  cacheDir: setting(
    z.string().min(1).optional(),
    "Folder for indexes of large packages. Default: this user's cache folder; memory only for serve, or when it is none.",
    { flag: '--cache-dir', env: ['QUILT_CACHE_DIR'], value: 'folder' },
  ),
  readOnly: setting(z.stringbool().default(false), 'Hide every tool that changes something.', {
    flag: '--read-only',
    env: ['QUILT_MCP_READ_ONLY'],
  }),
  host: setting(z.string().min(1).default('127.0.0.1'), 'Address that serve listens on.', {
    flag: '--host',
    env: ['QUILT_MCP_HOST', 'FASTMCP_HOST', 'FASTMCP_ADDR'],
    value: 'address',
  }),
  port: setting(
    z.coerce.number().int().min(0).max(65_535).default(8000),
    'Port that serve listens on; 0 takes a free one.',
    {
      flag: '--port',
      env: ['QUILT_MCP_PORT', 'FASTMCP_PORT'],
      value: 'number',
    },
  ),
  allowedOrigins: setting(list(), 'Web origins that may call serve beside this machine and the catalog.', {
    flag: '--allowed-origins',
    env: ['QUILT_MCP_ALLOWED_ORIGINS'],
    value: 'list',
    list: true,
  }),
  resultTokens: setting(
    z.coerce.number().int().min(500).max(20_000).default(4000),
    'How long a result may become before it is cut, in tokens.',
    { flag: '--result-tokens', env: ['QUILT_MCP_RESULT_TOKENS'], value: 'number' },
  ),
  logLevel: setting(z.enum(logLevels).default('info'), `What is written to stderr: ${logLevels.join(', ')}.`, {
    flag: '--log-level',
    env: ['QUILT_MCP_LOG_LEVEL'],
    value: 'level',
  }),
})

/** The settings of a process. */
export type Config = z.output<typeof configSchema>
export type SettingName = keyof Config

/** A setting by name, with where it can be given. */
export interface Setting extends SettingSource {
  readonly name: SettingName
  readonly description: string
}

/** Every setting, in the order of the schema. */
export const settings: readonly Setting[] = configSchema.keyof().options.map((name) => {
  const source = sources.get(configSchema.shape[name])
  if (!source) throw new Error(`nobody says where ${name} can be given`)
  return { name, ...source }
})

/** The settings that decide which backend serves the user of this machine. */
export const ownBackendSettings = [
  'configFile',
  'deployment',
  'backend',
  'catalogUrl',
  'registryUrl',
  'token',
  'disableSession',
  'registries',
  'localRegistry',
  'awsProfile',
  'awsRegion',
  'requesterPays',
  's3Endpoint',
] as const satisfies readonly SettingName[]
