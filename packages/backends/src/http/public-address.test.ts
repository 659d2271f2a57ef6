import { lookup } from 'node:dns'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { checkPublicHost, isPublicAddress, publicLookup } from './public-address.js'

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2600:1f00::1',
    '2a00:1450::1',
  ])('is true for %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'example.com',
    '',
  ])('is false for %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('checkPublicHost', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://127.0.0.1./',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://app.localhost/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://registry/',
  ])('refuses %s', (url) => {
    expect(() => checkPublicHost(new URL(url))).toThrow(expect.objectContaining({ code: 'forbidden' }))
  })

  it.each([
    'https://catalog.example.com/',
    'https://localhost.example.com/',
    'https://8.8.8.8/',
    'https://[2600:1f00::1]/',
  ])('lets %s pass', (url) => {
    expect(() => checkPublicHost(new URL(url))).not.toThrow()
  })
})

describe('publicLookup', () => {
  it('refuses a name of this machine, whatever it looks like', async () => {
    await expect(promisify(lookup)('localhost')).resolves.toBeDefined()
    await expect(
      new Promise((resolve, reject) =>
        publicLookup()('localhost', {}, (error, address) => (error ? reject(error) : resolve(address))),
      ),
    ).rejects.toMatchObject({ code: 'forbidden', details: { host: 'localhost' } })
  })

  it('hands on that there is no such name', async () => {
    await expect(
      new Promise((resolve, reject) =>
        publicLookup()('no-such-name.invalid', { all: true }, (error, address) =>
          error ? reject(error) : resolve(address),
        ),
      ),
    ).rejects.toMatchObject({ syscall: 'getaddrinfo' })
  })
})
