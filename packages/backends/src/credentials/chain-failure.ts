// What it means that AWS credentials could not be had: decided by where they come from, never by the SDK's words.
import { QuiltError } from '@quilt-mcp/core'
import type { AwsCredentialsFound, ProfileKind } from './find-aws.js'

/** The error for the caller. Says nothing that the SDK said: a program's output and an answer of AWS may hold secrets.
 * @returns the QuiltError inside, when the network failed */
export function chainFailure(found: AwsCredentialsFound, cause?: unknown): QuiltError {
  const network = quiltErrorIn(cause)
  if (network !== undefined) return network
  const details = { source: found.kind, ...(found.kind === 'profile' ? { profile: found.profile, by: found.by } : {}) }
  switch (found.kind) {
    case 'none':
      return new QuiltError('unauthenticated', 'This machine has no AWS credentials', {
        hint: found.explanation,
        details: { ...details, reason: 'no-aws-credentials' },
        nextTools: ['catalog_status'],
      })
    case 'unknown-profile':
    case 'unreadable':
      return new QuiltError('unauthenticated', found.explanation, {
        hint: 'Set AWS_PROFILE to a profile that exists, or unset it to use the default.',
        details,
        ...(cause === undefined ? {} : { cause }),
      })
    case 'profile':
      return new QuiltError('unauthenticated', `The AWS profile ${found.profile} gives no credentials now`, {
        hint: fixes[found.by](found.profile),
        details,
        cause,
      })
    default:
      return new QuiltError('unauthenticated', `AWS gives no credentials: ${places[found.kind]}`, {
        hint: 'Check that the role exists and may be used here, then try again.',
        details,
        cause,
      })
  }
}

const fixes: Readonly<Record<ProfileKind, (profile: string) => string>> = {
  keys: (profile) => `Check the access keys of the profile: aws sts get-caller-identity --profile ${profile}`,
  sso: (profile) =>
    `Run aws sso login --profile ${profile}, then try again: the sign-in has expired, or was never made. If that does not help, check the network.`,
  login: (profile) => `The sign-in has expired: run aws login --profile ${profile}, then try again.`,
  process: (profile) => `Run the credential_process of the profile ${profile} by hand, and see why it fails.`,
  'web-identity': (profile) => `Check role_arn and web_identity_token_file of the profile ${profile}.`,
  role: (profile) =>
    `Check role_arn and its source in the profile ${profile}: aws sts get-caller-identity --profile ${profile}. A profile that asks for an MFA code cannot be used here: make one with temporary keys.`,
}

const places = {
  environment: 'the keys in the environment are not usable',
  'web-identity': 'the role of the web identity could not be assumed',
  container: 'the container answered without credentials',
  instance: 'the instance has no role, or its metadata service does not answer',
} as const

/** The SDK wraps what our HTTP client threw, once or twice. */
function quiltErrorIn(error: unknown): QuiltError | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (inner instanceof QuiltError) return inner
  return undefined
}
