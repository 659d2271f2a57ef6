// How long a resource may become, and how a longer one is cut.
import { fit } from '../mcp/fit.js'
import { fenced } from '../mcp/untrusted.js'

/** UTF-16 units up to which the catalog's assistant takes a resource into its prompt (formats.md 12.2). */
export const maxResourceUnits = 16_384

/** Left for the notices of what is fenced, and of what was cut. */
const noticeUnits = 1_000

/** A structure as the text of a resource: users' parts fenced, its longest texts and lists cut until it fits, with a notice. */
export function resourceText(structure: object): string {
  const { text, cuts } = fit(structure, maxResourceUnits - noticeUnits)
  const notice = cuts.length === 0 ? '' : `\nCut to fit: ${cuts.join('; ')}.`
  return `${fenced(text)}${notice.slice(0, noticeUnits / 2)}`
}
