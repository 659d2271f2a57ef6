// Settings of where packages come from.
import { z } from 'zod'
import { deployments } from './deployment.js'
import { list, setting, webUrl } from './setting.js'

const registry = z.string().refine((text) => /^(s3|file):\/\//.test(text) || /^[a-z0-9][a-z0-9.-]*$/.test(text), {
  error: 'expected s3://bucket, file:///path or the name of a bucket',
})

const backendChoices = ['auto', 'platform', 'session', 'iam', 'local'] as const

export const backendSettings = {
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
  catalogUrl: setting(webUrl().optional(), 'Address of the Quilt web catalog.', {
    flag: '--catalog-url',
    env: ['QUILT_CATALOG_URL'],
    value: 'url',
  }),
  registryUrl: setting(webUrl().optional(), 'Address of the registry. Default: what the catalog says.', {
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
  awsRegion: setting(
    z.string().min(1).optional(),
    'AWS region of the iam backend (default: that of the profile), and of roles and secrets of serve (default: us-east-1).',
    {
      flag: '--aws-region',
      env: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
      value: 'name',
    },
  ),
  requesterPays: setting(list(), 'Buckets whose requests you pay for, by name.', {
    flag: '--requester-pays',
    env: ['QUILT_REQUESTER_PAYS'],
    value: 'list',
    list: true,
  }),
  s3Endpoint: setting(webUrl().optional(), 'S3 server to use instead of AWS.', {
    flag: '--s3-endpoint',
    env: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
    value: 'url',
  }),
  cacheDir: setting(
    z.string().min(1).optional(),
    "Folder for indexes of large packages. Default: this user's cache folder; memory only for serve, or when it is none.",
    { flag: '--cache-dir', env: ['QUILT_CACHE_DIR'], value: 'folder' },
  ),
  searchIndex: setting(
    z.string().min(1).optional(),
    'Folder for the search indexes of the local and iam backends. Default: search in the cache folder, or a temporary one where there is none. Safe to delete: they are made again.',
    { flag: '--search-index', env: ['QUILT_SEARCH_INDEX'], value: 'folder' },
  ),
  searchContent: setting(
    z.stringbool().default(false),
    'Read small text files of buckets, too, so that search finds what is in them (local and iam backends).',
    { flag: '--search-content', env: ['QUILT_SEARCH_CONTENT'] },
  ),
}
