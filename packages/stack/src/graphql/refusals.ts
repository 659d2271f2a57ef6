// Refusals are data: the members InvalidInput and OperationError of the result unions (formats.md 7.1).
import type { JsonObject } from '@quilt-mcp/core'
import { InputRefused, OperationRefused } from '../packages/failures.js'

export interface OperationErrorResult {
  readonly __typename: 'OperationError'
  readonly name: string
  readonly message: string
  readonly context: JsonObject | undefined
}

export interface InvalidInputResult {
  readonly __typename: 'InvalidInput'
  readonly errors: readonly { readonly path: string; readonly name: string; readonly message: string }[]
}

export const operationError = (name: string, message: string, context?: JsonObject): OperationErrorResult => ({
  __typename: 'OperationError',
  name,
  message,
  context,
})

/** One thing is wrong with the arguments. @param path where, dotted */
export const invalidInput = (path: string, name: string, message: string): InvalidInputResult => ({
  __typename: 'InvalidInput',
  errors: [{ path, name, message }],
})

/** What the work makes, or why it was refused. Any other error is a defect and goes on. */
export async function orRefusal<T>(work: () => Promise<T>): Promise<T | OperationErrorResult | InvalidInputResult> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputRefused) return { __typename: 'InvalidInput', errors: error.failures }
    if (error instanceof OperationRefused) return operationError(error.reason, error.message, error.context)
    throw error
  }
}
