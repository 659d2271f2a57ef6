import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../http/client.js'
import { refusalOf } from '../test/collect.js'
import { type FaultServer, faultServer, json } from '../test/fault-server.js'
import { exchanges, issuingRegistry } from '../test/faulty-world.js'
import { signIn, type UserHome, userHome } from '../test/user-home.js'
import { createCredentialCache } from './cache.js'
import { sessionCredentials } from './session-credentials.js'
import { sessionFiles } from './session-files.js'

const stored = (name: string, minutes: number) => ({
  access_key: name,
  secret_key: 's',
  token: 't',
  expiry_time: new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+Z$/, '+00:00'),
})

function credentialsAt(registry: FaultServer, home?: UserHome) {
  const http = createHttpClient({ pauseMs: 1 })
  onTestFinished(() => http.close())
  const files = home && sessionFiles(home.folder)
  const cache = createCredentialCache()
  return sessionCredentials({ registryUrl: registry.url, token: 'access', http, cache, files, now: Date.now })
}

describe("a session's AWS credentials", () => {
  it("are quilt3's while they last, and nobody is asked", async () => {
    const home = userHome()
    const registry = await issuingRegistry()
    home.put('credentials.json', stored('of-quilt3', 20))
    expect(await credentialsAt(registry, home).get()).toMatchObject({ accessKeyId: 'of-quilt3' })
    expect(registry.requests).toEqual([])
  })

  it('are exchanged when they end within five minutes, and written down for quilt3', async () => {
    const home = userHome()
    const registry = await issuingRegistry()
    home.put('auth.json', { [registry.url]: signIn('ada') })
    home.put('credentials.json', stored('old', 4))
    expect(await credentialsAt(registry, home).get()).toMatchObject({ accessKeyId: 'key-1' })
    expect(home.json('credentials.json')).toMatchObject({ access_key: 'key-1', token: 'session-1' })
    expect(home.mode('credentials.json')).toBe('600')
  })

  it('that AWS refuses are exchanged, though the file still holds them', async () => {
    const home = userHome()
    const registry = await issuingRegistry()
    home.put('credentials.json', stored('revoked', 50))
    const credentials = credentialsAt(registry, home)
    credentials.drop(await credentials.get())
    expect(await credentials.get()).toMatchObject({ accessKeyId: 'key-1' })
    expect(await credentials.get()).toMatchObject({ accessKeyId: 'key-1' })
    expect(exchanges(registry)).toBe(1)
  })

  it('are not written down when somebody signed out meanwhile', async () => {
    const home = userHome()
    const registry = await issuingRegistry()
    home.put('auth.json', {})
    home.put('credentials.json', {})
    await credentialsAt(registry, home).get()
    expect(home.text('credentials.json')).toBe('{}')
  })

  it('of a registry that is not the one in config.yml stay in memory', async () => {
    const registry = await issuingRegistry()
    expect(await credentialsAt(registry).get()).toMatchObject({ accessKeyId: 'key-1' })
  })

  it('that the registry refuses to give are none', async () => {
    const registry = await faultServer(json({ message: 'no' }, 403))
    const credentials = credentialsAt(registry, userHome())
    expect(await credentials.available()).toBe(false)
    expect(await refusalOf(credentials.get())).toMatchObject({
      code: 'forbidden',
      details: { reason: 'exchange-refused' },
    })
  })
})
