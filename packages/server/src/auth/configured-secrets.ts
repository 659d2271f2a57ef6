// Which of the four settings holds the secrets of platform tokens.
import type { HttpClient } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { type Config, type SettingName, settings } from '../config/schema.js'
import {
  type AwsSecretDeps,
  type OperatorCredentials,
  secretsManagerSource,
  ssmParameterSource,
} from './jwt/aws-secret-source.js'
import { type RotatingSecrets, rotatingSecrets } from './jwt/rotating-secrets.js'
import { type SecretSource, secretFile, secretText } from './jwt/secret-source.js'

export interface SecretsDeps {
  readonly config: Pick<Config, 'jwtSecret' | 'jwtSecretFile' | 'jwtSecretArn' | 'jwtSecretParameter' | 'awsRegion'>
  readonly http: HttpClient
  /** For AWS, whose services may lie at private addresses (VPC endpoints). Default: `http`. */
  readonly awsHttp?: HttpClient | undefined
  /** The operator's own AWS identity, for `jwtSecretArn` and `jwtSecretParameter` and nothing else. */
  credentials(): Promise<OperatorCredentials>
  /** Told when keys or secrets could not be read again; the known ones go on serving. */
  readonly onProblem?: ((error: unknown) => void) | undefined
  /** Address of an AWS that is not Amazon's. */
  readonly awsEndpoint?: string | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

const sources = {
  jwtSecret: secretText,
  jwtSecretFile: secretFile,
  jwtSecretArn: secretsManagerSource,
  jwtSecretParameter: ssmParameterSource,
} as const satisfies { readonly [Name in SettingName]?: (value: string, deps: AwsSecretDeps) => SecretSource }

const names = ['jwtSecret', 'jwtSecretFile', 'jwtSecretArn', 'jwtSecretParameter'] as const

/** The secrets of platform tokens, read now; undefined when no setting names any.
 * @throws {QuiltError} `invalid_input` when more than one does; else what went wrong with the one, naming it */
export async function secretsOf(deps: SecretsDeps): Promise<RotatingSecrets | undefined> {
  const { config, http, awsHttp = http, credentials, awsEndpoint, onProblem, now } = deps
  const [name, ...others] = names.filter((one) => config[one] !== undefined)
  const value = name && config[name]
  if (name === undefined || value === undefined) return undefined
  if (others.length > 0) {
    throw new QuiltError(
      'invalid_input',
      `token secrets come from ${[name, ...others].map(written).join(' and from ')}`,
      {
        hint: 'Give one of them; it may hold several secrets, as a JSON object by key id.',
      },
    )
  }
  const aws = { http: awsHttp, credentials, region: config.awsRegion, endpoint: awsEndpoint }
  try {
    return await rotatingSecrets({ source: sources[name](value, aws), onProblem, now })
  } catch (cause) {
    if (!(cause instanceof QuiltError)) throw cause
    throw new QuiltError(cause.code, `${written(name)}: ${cause.message}`, {
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      cause,
    })
  }
}

/** `--jwt-secret (QUILT_MCP_JWT_SECRET)` */
function written(name: SettingName): string {
  const setting = settings.find((one) => one.name === name)
  return setting === undefined ? name : `${setting.flag} (${setting.env[0]})`
}
