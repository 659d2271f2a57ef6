// XML as S3 speaks it: small documents out, request bodies in.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { S3Error } from './errors.js'

/** What an element holds. An array repeats the element; undefined leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [element: string]: XmlContent }

const s3Namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** A whole document.
 * @param namespace of the root element; undefined: none (S3's errors have none) */
export function xmlDocument(root: string, content: XmlContent, namespace: string | undefined = s3Namespace): string {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner(content)}</${root}>`
}

function inner(content: XmlContent): string {
  if (content === undefined) return ''
  if (typeof content !== 'object') return escapeXml(String(content))
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('')
}

function element(name: string, content: XmlContent): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map((item: XmlContent) => element(name, item)).join('')
  return `<${name}>${inner(content)}</${name}>`
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// Control characters are written as references, as S3 does: a parser would drop or refuse them.
const escapeXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them
  text.replace(/[&<>"\u0000-\u001f\u007f]/g, (c) => escapes[c] ?? `&#${c.charCodeAt(0)};`)

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  htmlEntities: true,
  isArray: (name) => name === 'Object' || name === 'Part',
})

/** Parses a request body into nested records of text.
 * @throws {S3Error} `MalformedXML` */
export function parseXml(text: string): unknown {
  if (text.includes('<!DOCTYPE') || XMLValidator.validate(text) !== true) throw malformedXml()
  try {
    return parser.parse(text)
  } catch (cause) {
    throw malformedXml(cause) // nested too deeply
  }
}

export const malformedXml = (cause?: unknown): S3Error =>
  new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our schema', {
    cause,
  })
