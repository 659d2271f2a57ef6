import { createLocalJWKSet, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { signerOf } from '../test/signer.js'
import { createAccessTokenVerifier } from './access-token.js'

const signer = await signerOf('k1')
const stranger = await signerOf('k1')
const keySet = createLocalJWKSet({ keys: [signer.jwk] })
const issuer = 'https://connect.example'
const audiences = ['https://mcp.example/mcp', 'https://mcp.example/mcp/platform']
const verify = createAccessTokenVerifier({ keySet, issuer, audiences, scope: 'platform' })
const good = { sub: 'ada', iss: issuer, aud: 'https://mcp.example/mcp/platform', scope: 'platform' }
const verifyClaims = async (claims: object) => verify(await signer.sign({ ...good, ...claims }))

describe('an access token', () => {
  it.each<[string, JWTPayload]>([
    ['for the hosted path', {}],
    ['for our own path', { aud: 'https://mcp.example/mcp' }],
    ['for us among others', { aud: ['https://other.example', 'https://mcp.example/mcp'] }],
    ['of an issuer that writes its port', { iss: `${issuer}:443` }],
    ['of an issuer that ends in a slash', { iss: `${issuer}/` }],
  ])('is ours: %s', async (_what, claims) => {
    expect(await verifyClaims(claims)).toEqual({
      payload: { ...good, ...claims, exp: expect.any(Number) },
      scopes: ['platform'],
    })
  })

  it.each<[string, object]>([
    ['for somebody else', { aud: 'https://other.example/mcp' }],
    ['for nobody', { aud: undefined }],
    ['for a list of nobody', { aud: [] }],
    ['for our origin', { aud: 'https://mcp.example' }],
    ['for our resource with a slash', { aud: 'https://mcp.example/mcp/' }],
    ['for a path below ours', { aud: 'https://mcp.example/mcp/platform/mcp' }],
    ['for our name in capitals', { aud: 'https://MCP.example/mcp' }],
    ['for our port written out', { aud: 'https://mcp.example:443/mcp' }],
    ['for an object', { aud: { 0: 'https://mcp.example/mcp' } }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of no issuer', { iss: undefined }],
    ['of a list of issuers', { iss: [issuer] }],
    ['expired', { exp: 1_000 }],
    ['without an end', { exp: undefined }],
  ])('is none of ours: %s', async (_what, claims) => {
    expect(await verifyClaims(claims)).toBeUndefined()
  })

  it('is none of ours when somebody else signed it', async () => {
    expect(await verify(await stranger.sign(good))).toBeUndefined()
    const secret = new SignJWT({ ...good, exp: Date.now() }).setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    expect(await verify(await secret.sign(Buffer.from(JSON.stringify(signer.jwk))))).toBeUndefined()
  })
})

describe('its scope', () => {
  it.each<[unknown, readonly string[]]>([
    ['platform', ['platform']],
    ['openid platform  email', ['openid', 'platform', 'email']],
    [
      ['openid', 'platform'],
      ['openid', 'platform'],
    ],
  ])('%j has ours', async (scope, scopes) => {
    expect(await verifyClaims({ scope })).toEqual({ payload: expect.objectContaining({ sub: 'ada' }), scopes })
  })

  it.each<[unknown, readonly string[]]>([
    [undefined, []],
    ['', []],
    ['Platform', ['Platform']],
    ['platform:read', ['platform:read']],
    ['platform,email', ['platform,email']],
    [[['platform'], 1], []],
    [{ platform: true }, []],
    [7, []],
  ])('%j lacks ours', async (scope, scopes) => {
    expect(await verifyClaims({ scope })).toMatchObject({ scopes, missingScope: true })
  })
})
