// Metadata in a result: as data when it is small; the start of its JSON text when it would fill the result.
import { encodeJson, type Json, toPlain } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { type Untrusted, untrusted } from '../../mcp/untrusted.js'
import { cutText } from '../cut-text.js'

/** Characters of a result when nothing else is said. */
const defaultResultChars = 16_000

/** Metadata as untrusted data; above half of a result as a text that says how much was cut. */
export function shownMetadata(value: Json, ctx: Pick<ToolContext, 'resultChars'>): Untrusted {
  const mostChars = Math.floor((ctx.resultChars ?? defaultResultChars) / 2)
  if (plainLength(value) <= mostChars) return untrusted(toPlain(value))
  const text = encodeJson(value)
  return untrusted(`${cutText(text, mostChars)} [the first ${mostChars} of ${text.length} characters]`)
}

/** Characters of the value as JSON; what JSON cannot say (NaN of old manifests) counts as its plain form. */
const plainLength = (value: Json): number => JSON.stringify(toPlain(value))?.length ?? 0
