// What a call is told that a workflow refused: every rule it did not pass, shortly, and where to read what would.
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { workflowsUri, workflowUri } from '../resources/workflow-uri.js'
import { bucketsNamed } from './narrowing/named-buckets.js'

/** Failures that a client is told, and characters of each. */
const mostFailures = 10
const mostChars = 300

const failed = z.object({
  workflow: z.string(),
  failures: z.array(z.looseObject({ rule: z.string(), message: z.string() })).min(1),
})
/** Of a choice that is not possible. */
const unchosen = z.object({ workflows: z.array(z.string()) })
/** Of a registry that checked by itself, and says no more. */
const unexplained = z.object({ name: z.literal('WorkflowValidationError') })

/** The error, with the resource that explains it, when it is a workflow's refusal; any other error as it is.
 * @param args of the call: they name the bucket whose workflow it is */
export function explainedRefusal(error: QuiltError, args: unknown): QuiltError {
  if (error.code !== 'invalid_input') return error
  const facts = failed.safeParse(error.details).data
  const isRefusal = facts ?? unchosen.safeParse(error.details).data ?? unexplained.safeParse(error.details).data
  if (isRefusal === undefined) return error
  // Not before: arguments that no tool took may be nested deeper than can be gone through.
  const bucket = targetBucket(args)
  if (bucket === undefined) return error
  const resource = facts === undefined ? workflowsUri(bucket) : workflowUri(bucket, facts.workflow)
  return new QuiltError(error.code, short(error.message, 5 * mostChars), {
    hint: `${error.hint ?? ''} ${resource} says what passes: read it with get_resource.`.trim(),
    details: { ...error.details, ...(facts && { failures: shortFailures(facts.failures) }), resource },
    nextTools: [...new Set(['get_resource', ...(error.nextTools ?? [])])],
    cause: error,
  })
}

function shortFailures(failures: readonly { readonly message: string }[]) {
  const left = failures.length - mostFailures
  const told = failures.slice(0, mostFailures).map((one) => ({ ...one, message: short(one.message, mostChars) }))
  return left > 0 ? [...told, { message: `and ${left} more` }] : told
}

const short = (text: string, chars: number): string => (text.length > chars ? `${text.slice(0, chars)}...` : text)

/** The bucket that a revision was to be made in. */
function targetBucket(args: unknown): string | undefined {
  const { data } = z.record(z.string(), z.unknown()).safeParse(args)
  const named = [...bucketsNamed(data ?? {})]
  for (const argument of ['to_bucket', 'bucket', 'package']) {
    const [bucket] = named.find(([, path]) => path === argument) ?? []
    if (bucket !== undefined) return bucket
  }
  return undefined
}
