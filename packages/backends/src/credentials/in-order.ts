// Several ways to credentials of one principal: exchange, then role, then claims (design 4).
import { QuiltError } from '@quilt-mcp/core'
import { areAvailable, type CredentialSource } from './exchange.js'

/** The first source that does not refuse. A refusal is a decision and leads to the next one; a failure is an error and ends the search:
 * who would get another identity whenever a service is down could not tell as whom they act.
 * @throws {QuiltError} from `get`: the failure, or the first refusal when all refuse */
export function credentialsInOrder(sources: readonly CredentialSource[]): CredentialSource {
  const get = async (signal?: AbortSignal) => {
    let first: QuiltError | undefined
    for (const source of sources) {
      try {
        return await source.get(signal)
      } catch (error) {
        if (!isRefusal(error)) throw error
        first ??= error
      }
    }
    throw first ?? withoutWay()
  }
  return {
    available: (signal) => areAvailable(get, signal),
    get,
    drop(credentials) {
      for (const source of sources) source.drop(credentials)
    },
  }
}

const withoutWay = (): QuiltError =>
  new QuiltError('forbidden', 'There is no way for you to AWS credentials here', {
    hint: 'Files of packages can still be read through their package (quilt+s3 URI) in browsable buckets.',
    details: { reason: 'no-way-to-credentials' },
  })

/** Whether it was decided that the principal gets no credentials, by whoever was asked. A failure is no decision. */
export const isWithoutCredentials = (error: unknown): boolean =>
  isRefusal(error) || (error instanceof QuiltError && error.details?.reason === 'no-way-to-credentials')

const refusals: ReadonlySet<unknown> = new Set(['exchange-refused', 'assume-role-refused', 'embedded-expired'])

function isRefusal(error: unknown): error is QuiltError {
  return error instanceof QuiltError && refusals.has(error.details?.reason)
}
