// The fields a line of the log may have, each with the only values it may show. Everything else is left out, and counted.
import type { BackendName } from '@quilt-mcp/backends'
import { type ErrorCode, errorCodes } from '@quilt-mcp/core'
import { LoggedName } from './logged-name.js'
import { isRequestId } from './request-id.js'
import { thrownFacts } from './thrown-facts.js'

/** Facts of a line. No field can carry a secret or users' data: what has not the form of its field is not written. */
export interface LogFields {
  readonly tool?: LoggedName | undefined
  readonly resource?: LoggedName | undefined
  /** Host of a catalog or registry. */
  readonly host?: LoggedName | undefined
  /** Flag or variable of a setting. */
  readonly setting?: LoggedName | undefined
  readonly backend?: BackendName | undefined
  readonly outcome?: CallOutcome | undefined
  readonly code?: ErrorCode | undefined
  /** How long it took. */
  readonly ms?: number | undefined
  readonly count?: number | undefined
  /** Of an HTTP answer. */
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  /** The id under which a client was told of a defect. */
  readonly reference?: unknown
  /** Who called: digits of a hash (`principalOf`), or `local`. */
  readonly principal?: string | undefined
  /** Anything thrown: its class, code and places are written (thrown-facts.ts), its message is not. */
  readonly error?: unknown
}

/** How a call ended. */
export type CallOutcome = 'ok' | 'confirmation asked' | ErrorCode

/** What stands in a line: facts by field, and how many were left out. */
export type WrittenFields = Readonly<Record<string, unknown>>

type Writer = (value: unknown) => unknown

const oneOf =
  (values: readonly string[]): Writer =>
  (value) =>
    values.find((one) => one === value)

const codes = Object.keys(errorCodes)
const number: Writer = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
const id: Writer = (value) => (isRequestId(value) ? value : undefined)
const backendNames: Readonly<Record<BackendName, true>> = {
  platform: true,
  session: true,
  iam: true,
  local: true,
  unauthenticated: true,
}

/** What of a value may be written; undefined: nothing. */
const writers: { readonly [Field in keyof Required<LogFields>]: Writer } = {
  tool: LoggedName.textOf,
  resource: LoggedName.textOf,
  host: LoggedName.textOf,
  setting: LoggedName.textOf,
  backend: oneOf(Object.keys(backendNames)),
  outcome: oneOf(['ok', 'confirmation asked', ...codes]),
  code: oneOf(codes),
  ms: number,
  count: number,
  status: number,
  requestId: id,
  reference: id,
  principal: (value) => (typeof value === 'string' && /^(?:[0-9a-f]{12}|local)$/.test(value) ? value : undefined),
  error: thrownFacts,
}

/** The fields as they are written. A value that its field cannot show, and a field that there is not, adds to `dropped`. */
export function writtenFields(fields: LogFields): WrittenFields {
  const written: Record<string, unknown> = {}
  let dropped = 0
  for (const field of Object.keys(fields)) {
    const value = writtenValue(fields, field)
    if (value === undefined) dropped++
    else if (value !== absent) written[field] = value
  }
  return dropped === 0 ? written : { ...written, dropped }
}

const absent = Symbol('absent')

function writtenValue(fields: LogFields, field: string): unknown {
  if (!isField(field)) return undefined
  try {
    const value = fields[field]
    return value === undefined ? absent : writers[field](value)
  } catch {
    return undefined // A value that cannot even be looked at: a line is written all the same.
  }
}

const isField = (field: string): field is keyof LogFields => Object.hasOwn(writers, field)
