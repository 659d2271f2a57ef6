// URIs of templates, as far as ours go (RFC 6570): `{variable}` is one segment, `{+variable}` is several with slashes between.
import { QuiltError } from '@quilt-mcp/core'
import type { ResourceVariables } from './define-resource.js'

/** Several segments that are known to be two: the name of a package, after which more may follow. */
const twoSegments: ReadonlySet<string> = new Set(['name'])

/** The values in a URI that the template makes; undefined for any other URI.
 * @throws {QuiltError} `invalid_input` when a value is not percent-encoded as it should be */
export function variablesIn(uriTemplate: string, uri: string): ResourceVariables | undefined {
  const found = patternOf(uriTemplate).exec(uri)?.groups
  if (found === undefined) return undefined
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, decoded(value, uri)]))
}

/** The URI that a template makes of values. */
export function expandedUri(uriTemplate: string, variables: ResourceVariables): string {
  return uriTemplate.replace(/\{(\+?)(\w+)\}/g, (_, several: string, name: string) => {
    const value = variables[name] ?? ''
    return several === '' ? encodeURIComponent(value) : value.split('/').map(encodeURIComponent).join('/')
  })
}

function patternOf(uriTemplate: string): RegExp {
  const pattern = uriTemplate.replace(/\{(\+?)(\w+)\}|[^{]+/g, (part, several: string | undefined, name?: string) => {
    if (name === undefined) return escaped(part)
    if (several === '') return `(?<${name}>[^/]+)`
    return twoSegments.has(name) ? `(?<${name}>[^/]+/[^/]+)` : `(?<${name}>.+)`
  })
  return new RegExp(`^${pattern}$`, 's')
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function decoded(value: string, uri: string): string {
  try {
    return decodeURIComponent(value)
  } catch (cause) {
    throw new QuiltError('invalid_input', `${JSON.stringify(uri.slice(0, 200))} has a broken percent sign`, {
      hint: 'Write a percent sign as %25.',
      cause,
    })
  }
}
