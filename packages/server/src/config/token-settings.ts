// Settings of whose tokens the HTTP server takes, and of what they may name.
import { z } from 'zod'
import { list, setting, webUrl } from './setting.js'

const text = () => z.string().min(1).optional()

export const tokenSettings = {
  allowedCatalogs: setting(
    list(),
    'Hosts of catalogs and registries that tokens, or X-Quilt-Catalog-URL, may name beside the configured one: host, .suffix, or an origin with its port.',
    { flag: '--allowed-catalogs', env: ['QUILT_MCP_ALLOWED_CATALOGS'], value: 'list', list: true },
  ),
  jwtSecret: setting(text(), 'Secret of platform tokens (HS256), or a JSON object of secrets by key id.', {
    flag: '--jwt-secret',
    env: ['QUILT_MCP_JWT_SECRET', 'MCP_JWT_SECRET'],
    value: 'secret',
    secret: true,
  }),
  jwtSecretFile: setting(text(), 'File that holds what --jwt-secret takes; read again when a key id is not known.', {
    flag: '--jwt-secret-file',
    env: ['QUILT_MCP_JWT_SECRET_FILE'],
    value: 'file',
  }),
  jwtSecretArn: setting(text(), 'Secret in AWS Secrets Manager, by ARN, that holds what --jwt-secret takes.', {
    flag: '--jwt-secret-arn',
    env: ['QUILT_MCP_JWT_SECRET_ARN'],
    value: 'arn',
  }),
  jwtSecretParameter: setting(text(), 'Parameter in AWS SSM, by name or ARN, that holds what --jwt-secret takes.', {
    flag: '--jwt-secret-parameter',
    env: ['QUILT_MCP_JWT_SECRET_PARAMETER', 'MCP_JWT_SECRET_SSM_PARAMETER'],
    value: 'name',
  }),
  jwksUrl: setting(webUrl().optional(), 'Public keys of platform tokens (JWKS).', {
    flag: '--jwks-url',
    env: ['QUILT_MCP_JWKS_URL'],
    value: 'url',
  }),
  jwtIssuer: setting(text(), 'Issuer that platform tokens must name (iss). Default: any, whose key holds.', {
    flag: '--jwt-issuer',
    env: ['QUILT_MCP_JWT_ISSUER', 'MCP_JWT_ISSUER'],
    value: 'text',
  }),
  jwtAudience: setting(text(), 'Audience that platform tokens must name (aud). Default: any, whose key holds.', {
    flag: '--jwt-audience',
    env: ['QUILT_MCP_JWT_AUDIENCE', 'MCP_JWT_AUDIENCE'],
    value: 'text',
  }),
  oauthIssuer: setting(
    webUrl().optional(),
    'Authorization server whose access tokens are taken, as it names itself; its keys are found from its metadata. Needs --public-url.',
    { flag: '--oauth-issuer', env: ['QUILT_MCP_OAUTH_ISSUER'], value: 'url' },
  ),
  oauthScope: setting(z.string().min(1).default('platform'), 'Scope that an access token must have.', {
    flag: '--oauth-scope',
    env: ['QUILT_MCP_OAUTH_SCOPE'],
    value: 'name',
  }),
  assumeRoles: setting(
    z.stringbool().default(false),
    "Assume the roles that verified tokens name, where the registry gives no credentials. Signed by this process's AWS identity, which is used for nothing else.",
    { flag: '--assume-roles', env: ['QUILT_MCP_ASSUME_ROLES'] },
  ),
  allowedRoles: setting(
    list(),
    'Roles (ARN) that X-Quilt-User-Role may choose with any platform token, though the token does not list them.',
    { flag: '--allowed-roles', env: ['QUILT_MCP_ALLOWED_ROLES'], value: 'list', list: true },
  ),
  stsEndpoint: setting(webUrl().optional(), 'STS server to use instead of AWS.', {
    flag: '--sts-endpoint',
    env: ['AWS_ENDPOINT_URL_STS'],
    value: 'url',
  }),
}
