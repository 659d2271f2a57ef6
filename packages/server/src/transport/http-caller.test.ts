import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { samplePrincipal } from '../auth/test/sample-principal.js'
import { catalogLinks } from '../mcp/catalog-links.js'
import { createSpentTokens } from '../mcp/spent-tokens.js'
import { idleBackend } from '../mcp/test/sample-tools.js'
import { createBackendCache } from './backend-cache.js'
import { type HttpCallerDeps, httpCaller } from './http-caller.js'

const role = 'arn:aws:iam::123456789012:role/curator'
const refused: string[] = []
const deps: HttpCallerDeps = {
  backends: createBackendCache(() => Promise.resolve(idleBackend)),
  narrowing: { readOnly: false, toolsets: new Set(['catalog', 'objects']) },
  confirmations: { spent: createSpentTokens(), policy: 'ask' },
  requestSeconds: 5,
  linksOf: ({ stack }) => catalogLinks(stack.catalogUrl),
  refused: ({ token }) => void refused.push(token),
}
const request = { surface: 'ours', narrowing: { readOnly: false } } as const

describe('the caller of an HTTP request', () => {
  it('says of its principal what a call may know, and keeps the role for the first use of AWS', () => {
    const caller = httpCaller(deps, samplePrincipal('t', { role, claims: { sub: 'ada' } }), request)
    expect(caller).toMatchObject({
      environment: 'web-jwt',
      auth: { accessToken: 't', claims: { sub: 'ada' } },
      metadata: { principal: caller.principal, role },
      limitMs: 5_000,
    })
    expect(caller.principal).toMatch(/^[0-9a-f]{12}$/)
  })

  it('is narrowed by the settings, by the request, and by a token for reading', () => {
    const narrowing = { readOnly: false, toolsets: new Set(['objects', 'packages']) }
    const { view } = httpCaller(deps, samplePrincipal('t', { readOnly: true }), { surface: 'hosted', narrowing })
    expect(view).toMatchObject({
      surface: 'hosted',
      readOnly: false,
      toolsets: new Set(['catalog', 'objects']),
      narrowing: { readOnly: true, toolsets: new Set(['objects', 'packages']) },
    })
  })

  it('reads no file of this machine', () => {
    expect(httpCaller(deps, samplePrincipal('t'), request)).not.toHaveProperty('localFiles')
  })

  it('links into the catalog of its own stack', () => {
    const stack = { catalogUrl: 'https://lab-a.example.com' }
    expect(httpCaller(deps, samplePrincipal('t', { stack }), request).links().bucketUrl('b')).toBe(
      'https://lab-a.example.com/b/b',
    )
  })

  it('tells of a token that was refused, and of no other failure', () => {
    const caller = httpCaller(deps, samplePrincipal('bad'), request)
    caller.failed?.(new QuiltError('forbidden', 'no'))
    expect(refused).toEqual([])
    caller.failed?.(new QuiltError('unauthenticated', 'over'))
    expect(refused).toEqual(['bad'])
  })
})
