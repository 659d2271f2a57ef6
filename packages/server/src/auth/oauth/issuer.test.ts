import { describe, expect, it } from 'vitest'
import { metadataUrls, sameIssuer } from './issuer.js'

describe('two names of one issuer', () => {
  it.each([
    ['https://a.example', 'https://a.example'],
    ['https://a.example', 'https://a.example:443'],
    ['https://a.example:443/x', 'https://a.example/x'],
    ['https://[::1]:443', 'https://[::1]'],
    ['https://a.example', 'https://a.example/'],
    ['https://a.example/x', 'https://a.example:443/x/'],
  ])('are %s and %s', (one, other) => {
    expect([sameIssuer(one, other), sameIssuer(other, one)]).toEqual([true, true])
  })
})

describe('the names of two issuers', () => {
  it.each([
    ['https://a.example', 'https://b.example'],
    ['https://a.example', 'http://a.example'],
    ['http://a.example', 'http://a.example:443'],
    ['https://a.example', 'https://a.example:444'],
    ['https://a.example', 'https://a.example:4430'],
    ['https://a.example', 'https://A.example'],
    ['https://a.example', 'https://a.example//'],
    ['https://a.example', 'https://a.example/x'],
    ['https://a.example', 'https://a.example:443@b.example'],
    ['https://a.example/x', 'https://a.example/x:443'],
    ['https://a.example', 'https://a.example?'],
    ['https://a.example', ' https://a.example'],
    ['https://a.example', ''],
  ])('are %s and %s', (one, other) => {
    expect([sameIssuer(one, other), sameIssuer(other, one)]).toEqual([false, false])
  })
})

describe('the metadata of an issuer', () => {
  it('lie at its root', () => {
    expect(metadataUrls('https://a.example:443').map(String)).toEqual([
      'https://a.example/.well-known/oauth-authorization-server',
      'https://a.example/.well-known/openid-configuration',
    ])
  })

  it('have its path inserted, or appended', () => {
    expect(metadataUrls('http://127.0.0.1:8080/tenant/one/').map(String)).toEqual([
      'http://127.0.0.1:8080/.well-known/oauth-authorization-server/tenant/one',
      'http://127.0.0.1:8080/tenant/one/.well-known/oauth-authorization-server',
      'http://127.0.0.1:8080/.well-known/openid-configuration/tenant/one',
      'http://127.0.0.1:8080/tenant/one/.well-known/openid-configuration',
    ])
  })
})
