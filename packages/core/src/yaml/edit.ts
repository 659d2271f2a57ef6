// Changes a YAML text to say something else, and leaves alone what already says it: comments, order, quotes.
import { Document, isMap, isScalar, isSeq, type Node, Scalar, visit } from 'yaml'
import { fromPlain } from '../json/plain.js'
import { sameJson } from '../json/same.js'
import { parseYaml, yamlDocument } from './parse.js'

type Path = readonly (string | number)[]

/**
 * The text, changed as far as needed to say `value`. Untouched when it says so already.
 * @param text YAML, may be empty
 * @param value ordinary data; members that are undefined are left out
 * @param what how messages call the text
 * @throws {QuiltError} `invalid_input` when the text is not YAML
 */
export function editedYaml(text: string, value: object, what: string): string {
  const wanted: unknown = JSON.parse(JSON.stringify(value))
  if (text.trim() !== '' && sameJson(parseYaml(text, what), fromPlain(wanted))) return text
  const document = yamlDocument(text, what)
  if (isMap(document.contents)) {
    adjust(document, [], wanted)
    return document.toString({ lineWidth: 0 })
  }
  const fresh = new Document<Node>(null)
  fresh.commentBefore = [document.commentBefore, document.comment].filter(Boolean).join('\n') || null
  fresh.contents = nodeOf(fresh, wanted)
  return fresh.toString({ lineWidth: 0 })
}

function adjust(document: Document.Parsed, path: Path, wanted: unknown): void {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  if (isMap(node) && isRecord(wanted)) {
    const keys = node.items.map(({ key }) => (isScalar(key) ? key.value : key))
    for (const key of keys) {
      if (typeof key !== 'string' || !Object.hasOwn(wanted, key)) document.deleteIn([...path, key])
    }
    for (const [key, item] of Object.entries(wanted)) adjust(document, [...path, key], item)
  } else if (isSeq(node) && Array.isArray(wanted)) {
    for (let at = node.items.length - 1; at >= wanted.length; at--) document.deleteIn([...path, at])
    for (const [at, item] of wanted.entries()) adjust(document, [...path, at], item)
  } else if (!isScalar(node) || node.value !== wanted) document.setIn(path, nodeOf(document, wanted))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A new node. Text that any dialect could take for something else stands in quotes. */
function nodeOf(document: Document<Node>, value: unknown): Node {
  const node = document.createNode(value)
  visit(node, {
    Scalar(_, scalar) {
      if (
        typeof scalar.value !== 'string' ||
        /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf)$)[a-z][\w-]*$/i.test(scalar.value)
      )
        return
      scalar.type = /\p{Cc}/u.test(scalar.value) ? Scalar.QUOTE_DOUBLE : Scalar.QUOTE_SINGLE
    },
  })
  return node
}
