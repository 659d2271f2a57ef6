import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallServer } from '../test/small-server.js'
import { challenge } from './challenge.js'

/** Reads a challenge by the grammar of RFC 9110 section 11.6.1; undefined when it is none. */
function parse(header: string): Readonly<Record<string, string>> | undefined {
  const parameter = /([a-z_]+)="([\x20-\x21\x23-\x5b\x5d-\x7e]*)"/
  const whole = new RegExp(`^Bearer( ${parameter.source}(, ${parameter.source})*)?$`)
  if (!whole.test(header)) return undefined
  return Object.fromEntries(
    [...header.matchAll(new RegExp(parameter, 'g'))].map(([, name = '', value = '']) => [name, value]),
  )
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\r', '\n', ',', ' ', '=', 'a', '\0', '\u2028', 'é', '🐍') }),
)

describe('a challenge', () => {
  it('tells where to learn how to sign in', () => {
    expect(
      challenge({
        realm: 'quilt',
        resourceMetadata: 'https://mcp.example/.well-known/oauth-protected-resource/mcp',
        scope: 'platform',
      }),
    ).toBe(
      'Bearer realm="quilt", scope="platform", resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"',
    )
  })

  it('says what was wrong with a token', () => {
    expect(challenge({ error: 'invalid_token', description: 'the token is "dead"' })).toBe(
      `Bearer error="invalid_token", error_description="the token is 'dead'"`,
    )
    expect(challenge({ error: 'insufficient_scope', scope: 'platform' })).toBe(
      'Bearer error="insufficient_scope", scope="platform"',
    )
  })

  it('says nothing but its scheme when there is nothing to say', () => {
    expect(challenge({})).toBe('Bearer')
  })

  it('is one line with these parameters, whatever is put into them', () => {
    const parts = fc.record({ realm: anyText, resourceMetadata: anyText, scope: anyText, description: anyText })
    fc.assert(
      fc.property(parts, (given) => {
        const read = parse(challenge({ ...given, error: 'invalid_token' }))
        expect(Object.keys(read ?? {})).toEqual(['realm', 'error', 'error_description', 'scope', 'resource_metadata'])
        expect(read?.error).toBe('invalid_token')
      }),
      { numRuns: 1_000 },
    )
  })

  it('says text that needs no care to the letter', () => {
    const plain = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
    fc.assert(
      fc.property(plain, (text) => {
        const careless = text.replace(/["\\]/g, '')
        expect(parse(challenge({ realm: careless, scope: careless }))).toEqual({ realm: careless, scope: careless })
      }),
    )
  })

  it('cuts a description that is endless', () => {
    expect(challenge({ description: 'x'.repeat(10_000) })).toHaveLength('Bearer error_description=""'.length + 300)
  })

  it('passes through a real server as it is', async () => {
    const value = challenge({ realm: 'quilt\r\nset-cookie: a=b', description: 'größer "als" \\ 🐍' })
    const server = await smallServer(() => ({ status: 401, headers: { 'www-authenticate': value } }))
    const answer = await fetch(server.url)
    expect(answer.headers.get('www-authenticate')).toBe(value)
    expect(answer.headers.get('set-cookie')).toBeNull()
  })
})
