// Secrets of platform tokens that AWS keeps. Asked as the operator, by credentials that are handed in; nothing of a tenant comes here.
import { awsClientConfig, type HttpClient } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { SecretSource } from './secret-source.js'

/** The operator's own AWS identity. */
export interface OperatorCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface AwsSecretDeps {
  readonly http: HttpClient
  /** Asked before every read. */
  credentials(): Promise<OperatorCredentials>
  /** Region of a secret that is not named by ARN. */
  readonly region?: string | undefined
  /** Address of a service that is not Amazon's. */
  readonly endpoint?: string | undefined
}

/** A secret of AWS Secrets Manager, by ARN (or by name, in `region`): its current version.
 * @throws {QuiltError} `invalid_input` when the region is not known */
export function secretsManagerSource(secretId: string, deps: AwsSecretDeps): SecretSource {
  const config = clientConfig(secretId, deps, 'AWS Secrets Manager')
  return {
    async read(signal) {
      const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
      const client = new SecretsManagerClient(config)
      const { SecretString: text } = await client
        .send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal: signal })
        .catch(inOurWords(`Reading the secret ${secretId}`))
      return text ?? notText(secretId)
    },
  }
}

/** A parameter of AWS Systems Manager, by ARN, or by name in `region`; a SecureString is decrypted.
 * @throws {QuiltError} `invalid_input` when the region is not known */
export function ssmParameterSource(name: string, deps: AwsSecretDeps): SecretSource {
  const config = clientConfig(name, deps, 'AWS SSM')
  return {
    async read(signal) {
      const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
      const client = new SSMClient(config)
      const { Parameter: parameter } = await client
        .send(new GetParameterCommand({ Name: name, WithDecryption: true }), { abortSignal: signal })
        .catch(inOurWords(`Reading the parameter ${name}`))
      return parameter?.Value ?? notText(name)
    },
  }
}

function clientConfig(id: string, { http, credentials, region, endpoint }: AwsSecretDeps, peer: string) {
  return {
    ...awsClientConfig(http, { peer }),
    // Reading does no harm twice: the SDK repeats what was throttled or failed.
    maxAttempts: 3,
    credentials,
    region: regionOf(id, region),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}

/** `arn:aws:secretsmanager:eu-west-1:123456789012:secret:name` lies in eu-west-1. */
function regionOf(id: string, region: string | undefined): string {
  const found = id.startsWith('arn:') ? id.split(':')[3] : region
  if (found) return found
  throw new QuiltError('invalid_input', `nobody says in which AWS region ${id} is`, {
    hint: 'Name it by its ARN, or set AWS_REGION.',
  })
}

const inOurWords =
  (attempt: string) =>
  (error: unknown): never => {
    if (!(error instanceof Error) || error instanceof QuiltError || !('$metadata' in error)) throw error
    const { name } = error
    const [code, says, hint] = meanings.find(([pattern]) => pattern.test(name))?.[1] ?? [
      'upstream',
      `AWS failed (${name})`,
      'Try again later.',
    ]
    throw new QuiltError(code, `${attempt}: ${says}`, { hint, details: { aws: name }, cause: error })
  }

const meanings = [
  [/^AccessDenied/, ['forbidden', 'access denied', "Let this process's AWS identity read it, and use its KMS key."]],
  [/NotFound/, ['not_found', 'there is no such one', 'Check its name, account and region.']],
  [
    /^(ExpiredToken|UnrecognizedClient|InvalidSignature|InvalidClientTokenId|IncompleteSignature)/,
    ['unauthenticated', 'the AWS credentials are expired or unknown', "Check this process's AWS identity."],
  ],
  [/^(Validation|InvalidParameter|InvalidRequest)/, ['invalid_input', 'AWS does not take the name', 'Check its form.']],
] as const

function notText(id: string): never {
  throw new QuiltError('invalid_input', `${id} holds no text`, { hint: 'Store the secret as text, not as bytes.' })
}
