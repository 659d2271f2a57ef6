import { describe, expect, it } from 'vitest'
import { createAllowList } from './allow-list.js'

describe('the list of catalogs that may be named', () => {
  const list = createAllowList([
    'catalog.example.com',
    '.labs.example.org',
    'http://127.0.0.1:8080',
    'https://inner:8443',
  ])

  it.each([
    'https://catalog.example.com',
    'https://CATALOG.example.com/some/page',
    'https://a.labs.example.org',
    'https://b.a.labs.example.org',
    'http://127.0.0.1:8080/graphql',
    'https://inner:8443',
  ])('has %s', (url) => {
    expect(list.allows(url)).toBe(true)
  })

  it.each([
    ['another host', 'https://evil.example.com'],
    ['plain http', 'http://catalog.example.com'],
    ['another port', 'https://catalog.example.com:8443'],
    ['a host that begins alike', 'https://catalog.example.com.evil.com'],
    ['a host that ends alike', 'https://evilcatalog.example.com'],
    ['the suffix itself', 'https://labs.example.org'],
    ['a host that ends as the suffix without its dot', 'https://evillabs.example.org'],
    ['a user before the host', 'https://catalog.example.com@evil.com'],
    ['a user of a listed host', 'https://me:secret@catalog.example.com'],
    ['another port of a listed origin', 'http://127.0.0.1:8081'],
    ['another spelling of this machine', 'http://localhost:8080'],
    ['another scheme', 'ftp://catalog.example.com'],
    ['a file', 'file:///etc/passwd'],
    ['no URL', 'catalog.example.com'],
    ['nothing', ''],
  ])('does not have %s', (_what, url) => {
    expect(list.allows(url)).toBe(false)
  })

  it('takes every spelling of an address for the address it is', () => {
    const loopback = createAllowList(['http://127.0.0.1'])
    expect(['http://2130706433', 'http://0x7f.1', 'http://127.1'].map((url) => loopback.allows(url))).toEqual([
      true,
      true,
      true,
    ])
    expect(list.allows('https://catalog.example.com.')).toBe(false)
  })

  it('tells which origins were listed whole', () => {
    expect(list.origins).toEqual(['http://127.0.0.1:8080', 'https://inner:8443'])
  })

  it.each([
    '*',
    '*.example.com',
    'example',
    'https://a.example.com/path',
    'ftp://a.example.com',
    'https://u:p@a.example.com',
    '.',
    'a b.example.com',
  ])('refuses the entry %s', (entry) => {
    expect(() => createAllowList([entry])).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
