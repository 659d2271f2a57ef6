import type { AwsCredentials } from '../credentials/outcome.js'
import { getCredentials } from '../registry-api/rest.js'
import type { World } from './world.js'

/** AWS credentials that the stack issues to one of its users: what that user would have in a profile. */
export async function issuedKeys({ stack, http }: World, user: string): Promise<AwsCredentials> {
  const token = await stack.admin.sessionToken(user)
  const issued = await getCredentials(stack.registryUrl, { token, http })
  return {
    accessKeyId: issued.AccessKeyId,
    secretAccessKey: issued.SecretAccessKey,
    sessionToken: issued.SessionToken,
  }
}
