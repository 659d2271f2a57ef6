// The AWS role that a caller acts in: the one its verified token names, or another that the token or the operator lists (token claims, 4).
import { QuiltError } from '@quilt-mcp/core'

export interface RoleChoice {
  /** `X-Quilt-User-Role`: an ARN, or the name at its end. */
  readonly wished: string | undefined
  /** The role that the verified token is for. */
  readonly own: string | undefined
  /** All roles that the verified token lists. */
  readonly listed: readonly string[]
  /** Roles that the operator allows to everybody. */
  readonly allowed: readonly string[]
  /** Whether this server assumes roles at all. */
  readonly assumes: boolean
}

const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/

/** The ARN of the role to act in. Undefined: the registry decides.
 * @throws {QuiltError} `forbidden` when the role that is wished for is not listed, is no AWS role, or roles are not assumed here */
export function chosenRole({ wished, own, listed, allowed, assumes }: RoleChoice): string | undefined {
  if (wished === undefined) return assumes ? own : undefined
  const known = [...new Set([...(own === undefined ? [] : [own]), ...listed, ...allowed])]
  const found = known.includes(wished)
    ? [wished]
    : known.filter((role) => roleArn.test(role) && nameOf(role) === wished)
  const [role, ...others] = found
  if (role === undefined)
    throw refused('your token does not list the role that X-Quilt-User-Role names', 'role-not-listed')
  if (others.length > 0)
    throw refused('several roles have the name in X-Quilt-User-Role: give the ARN', 'role-ambiguous')
  if (!roleArn.test(role))
    throw refused('the role in X-Quilt-User-Role is no AWS role that could be assumed', 'role-not-aws')
  if (!assumes) throw refused('this server assumes no roles', 'roles-off')
  return role
}

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

function refused(message: string, reason: string): QuiltError {
  return new QuiltError('forbidden', message, {
    hint: 'Leave X-Quilt-User-Role out to act in your own role; the operator allows others with --allowed-roles and --assume-roles.',
    details: { reason },
  })
}
