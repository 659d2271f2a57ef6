// The hosts that tokens and requests may name: what the operator listed, and nothing else (token claims, 2).
import { QuiltError } from '@quilt-mcp/core'

/** Which URLs were listed. */
export interface AllowList {
  /** Whether a URL is on the list: by its host, under a suffix, or by its whole origin. Only https, but for a listed origin. */
  allows(url: string): boolean
  /** The origins that were listed whole: their addresses may be private. */
  readonly origins: readonly string[]
}

type Rule =
  | { readonly kind: 'origin'; readonly origin: string }
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'suffix'; readonly suffix: string }

/** Reads a list of `host`, `.suffix` (any host below it, not itself) and `https://host:port`.
 * @throws {QuiltError} `invalid_input` on an entry of another form */
export function createAllowList(entries: readonly string[]): AllowList {
  const rules = entries.map(ruleOf)
  return {
    allows(text) {
      const url = webUrl(text)
      if (url === undefined) return false
      return rules.some((rule) => {
        if (rule.kind === 'origin') return url.origin === rule.origin
        if (url.protocol !== 'https:' || url.port !== '') return false
        return rule.kind === 'host' ? url.hostname === rule.host : url.hostname.endsWith(rule.suffix)
      })
    },
    origins: rules.flatMap((rule) => (rule.kind === 'origin' ? [rule.origin] : [])),
  }
}

function ruleOf(entry: string): Rule {
  if (entry.includes('://')) {
    const url = webUrl(entry)
    if (url !== undefined && url.pathname === '/') return { kind: 'origin', origin: url.origin }
  } else if (/^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(entry)) {
    const host = entry.toLowerCase()
    return host.startsWith('.') ? { kind: 'suffix', suffix: host } : { kind: 'host', host }
  }
  throw new QuiltError('invalid_input', `${JSON.stringify(entry.slice(0, 200))} names no host of a catalog`, {
    hint: 'Write catalog.example.com, .example.com for all below it, or an origin with its port: https://catalog.example.com:8443.',
  })
}

/** A web URL without user and password: such a one would show something else than it reaches. */
function webUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && url.username === '' && url.password === '' ? url : undefined
}
