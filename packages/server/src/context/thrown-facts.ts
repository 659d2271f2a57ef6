// What the log may tell of something thrown: which class, which code, where in our source. Never its message, which may quote keys,
// names, bodies or URLs; never a function's name, which code can compute from data.
import { constants } from 'node:os'
import { errorCodes } from '@quilt-mcp/core'

export interface ThrownFacts {
  /** Of the class, or what `typeof` says of a value that is no error. */
  readonly kind: string
  /** A code of ours, of the operating system or of the network; none of another kind. */
  readonly code?: string
  /** `mcp/call-tool.ts:62:31`, innermost first. */
  readonly at?: readonly string[]
}

const mostCauses = 4
const mostFrames = 12

const codes: ReadonlySet<unknown> = new Set([
  ...Object.keys(errorCodes),
  ...Object.keys(constants.errno),
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_MODULE_NOT_FOUND',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])

/** The facts of a thrown value, then of its cause and so on, up to four. */
export function thrownFacts(thrown: unknown): readonly ThrownFacts[] {
  const facts: ThrownFacts[] = []
  let current = thrown
  while (facts.length < mostCauses) {
    if (!(current instanceof Error)) return current === undefined ? facts : [...facts, { kind: typeof current }]
    const code: unknown = Reflect.get(current, 'code')
    const at = locations(current)
    facts.push({
      kind: className(current),
      ...(typeof code === 'string' && codes.has(code) && { code }),
      ...(at.length > 0 && { at }),
    })
    current = current.cause
  }
  return facts
}

/** The nearest class whose name says that it is an error. `error.name` is not asked: services write their answer's code there. */
function className(error: Error): string {
  for (
    let proto: unknown = Reflect.getPrototypeOf(error);
    proto instanceof Error;
    proto = Reflect.getPrototypeOf(proto)
  ) {
    const { name } = proto.constructor
    if (/^[A-Z][A-Za-z0-9]{0,40}(?:Error|Exception)$/.test(name)) return name
  }
  return 'Error'
}

/** Where an error was made, as its stack says after its message. Nothing, when the message in the stack is not the error's: where
 * it ends could not be told, and its lines might pass for places. */
function locations({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string' || typeof message !== 'string') return []
  const head = /^[A-Za-z_$][\w$]*(?: \[\w+\])?/.exec(stack)?.[0] ?? ''
  const told = message === '' ? head : `${head}: ${message}`
  if (!stack.startsWith(`${told}\n`)) return []
  return stack
    .slice(told.length + 1)
    .split('\n')
    .flatMap((line) => locationIn(line) ?? [])
    .slice(0, mostFrames)
}

/** The file below its source or package folder, line and column; undefined for code that is in no file. */
function locationIn(frame: string): string | undefined {
  const place = /^ {4}at (?:async )?(?:.*\()?(?:file:\/\/)?([^()]+:\d+:\d+)\)?$/.exec(frame)?.[1]
  if (place === undefined || /^node:[\w/]+:\d+:\d+$/.test(place)) return place
  const path = place.replaceAll('\\', '/')
  const within =
    /\/node_modules\/(?!.*\/node_modules\/)(.+)$/.exec(path) ?? /\/(?:src|dist)\/(?!.*\/(?:src|dist)\/)(.+)$/.exec(path)
  const shown = within?.[1] ?? path.slice(path.lastIndexOf('/') + 1)
  return /^[\w@./+-]+\.[cm]?[jt]s:\d+:\d+$/.test(shown) ? shown : undefined
}
