// All that can be configured. Flags, environment variables, `--help` and messages are derived from this one schema.
import { z } from 'zod'
import { logLevels } from '../context/log.js'

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

export const configSchema = z.strictObject({
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
  s3Endpoint: setting(webOrigin.optional(), 'S3 server to use instead of AWS.', {
    flag: '--s3-endpoint',
    env: ['AWS_ENDPOINT_URL_S3'],
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
    env: ['QUILT_MCP_HOST', 'FASTMCP_HOST'],
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
  allowedOrigins: setting(
    z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((origin) => origin.trim().replace(/\/+$/, ''))
          .filter((origin) => origin !== ''),
      ),
    'Web origins that may call serve beside this machine and the catalog, separated by commas.',
    { flag: '--allowed-origins', env: ['QUILT_MCP_ALLOWED_ORIGINS'], value: 'list' },
  ),
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
