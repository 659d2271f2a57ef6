import { describe, expect, it } from 'vitest'
import { failedAuthentications } from './failed-authentications.js'

const after = (failures: number, address: string, asked = address) => {
  const guard = failedAuthentications({ now: () => 0, perMinute: 5 })
  for (let failure = 0; failure < failures; failure++) guard.failed(address)
  return guard.check(asked)?.status
}

describe('an address whose tokens were refused', () => {
  it('is told to wait once there were too many in a minute', () => {
    expect([after(4, '203.0.113.7'), after(5, '203.0.113.7')]).toEqual([undefined, 429])
  })

  it('does not stand for others', () => {
    expect(after(50, '203.0.113.7', '203.0.113.8')).toBeUndefined()
  })

  it('is heard again as time passes', () => {
    const time = { ms: 0 }
    const guard = failedAuthentications({ now: () => time.ms, perMinute: 60 })
    for (let failure = 0; failure < 60; failure++) guard.failed('203.0.113.7')
    expect(guard.check('203.0.113.7')).toMatchObject({ status: 429, headers: { 'Retry-After': '1' } })
    time.ms = 1000
    expect(guard.check('203.0.113.7')).toBeUndefined()
  })

  it('is one with its IPv6 network and with its IPv4 form on an IPv6 socket', () => {
    expect(after(5, '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(429)
    expect(after(5, '2001:db8:1:2::1', '2001:db8:1:3::1')).toBeUndefined()
    expect(after(5, '2001:db8::1', '2001:db8:0:0:5::1')).toBe(429)
    expect(after(5, '::ffff:203.0.113.7', '203.0.113.7')).toBe(429)
  })

  it.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.9',
    '127.0.0.1',
    '::1',
    'fd00::1',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
  ])('is not limited when it may be a load balancer: %s', (address) => expect(after(1000, address)).toBeUndefined())

  it('is not limited when it is gone', () => {
    const guard = failedAuthentications({ now: () => 0 })
    guard.failed(undefined)
    expect(guard.check(undefined)).toBeUndefined()
  })
})
