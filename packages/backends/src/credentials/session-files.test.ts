import { lstatSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { signIn, userHome } from '../test/user-home.js'
import { sessionFiles } from './session-files.js'

const registryUrl = 'https://registry.example.com'
const tokens = { refreshToken: 'r1', accessToken: 'a1', expiresAtMs: 1_800_000_000_000 }
const keys = {
  accessKeyId: 'ASIA1',
  secretAccessKey: 's',
  sessionToken: 't',
  expiresAtMs: Date.UTC(2027, 0, 2, 3, 4, 5),
}

describe('auth.json', () => {
  it('is written as quilt3 writes it, for the eyes of its owner only', async () => {
    const home = userHome()
    await sessionFiles(home.folder).addTokens(registryUrl, tokens)
    expect(home.text('auth.json')).toBe(
      '{"https://registry.example.com": {"refresh_token": "r1", "access_token": "a1", "expires_at": 1800000000}}',
    )
    expect([home.mode('auth.json'), home.files()]).toEqual(['600', ['auth.json']])
  })

  it('becomes private when it was open to others', async () => {
    const home = userHome()
    home.put('auth.json', {})
    expect(home.mode('auth.json')).toBe('644')
    await sessionFiles(home.folder).addTokens(registryUrl, tokens)
    expect(home.mode('auth.json')).toBe('600')
  })

  it('keeps the sign-ins to other registries, and what it does not understand', async () => {
    const home = userHome()
    const before = { 'https://a.example.com': signIn('a'), 'https://b.example.com': { later: [1] } }
    home.put('auth.json', before)
    const files = sessionFiles(home.folder)
    expect(await files.registries()).toEqual(['https://a.example.com'])
    await files.addTokens(registryUrl, tokens)
    expect(home.json('auth.json')).toMatchObject(before)
    expect(await files.tokens(registryUrl)).toEqual(tokens)
  })

  it('finds a registry that quilt3 wrote with a trailing slash, and keeps it under that name', async () => {
    const home = userHome()
    home.put('auth.json', { [`${registryUrl}/`]: signIn('a') })
    const files = sessionFiles(home.folder)
    expect(await files.tokens(registryUrl)).toMatchObject({ refreshToken: 'refresh-a' })
    await files.addTokens(registryUrl, tokens)
    expect(Object.keys(Object(home.json('auth.json')))).toEqual([`${registryUrl}/`])
  })

  it('is read again when quilt3 is in the midst of writing it', async () => {
    const home = userHome()
    home.put('auth.json', '')
    const reading = sessionFiles(home.folder).registries()
    home.put('auth.json', { [registryUrl]: signIn('a') })
    expect(await reading).toEqual([registryUrl])
  })

  it.each([
    ['', 'it is empty'],
    ['{"https://registry.example.com": {"refresh_token": "SECRET', 'it is not JSON'],
    ['["SECRET"]', 'it is not a map of registries'],
  ])('that stays damaged (%j) is an error that says what to do, and quotes nothing', async (content, why) => {
    const home = userHome()
    home.put('auth.json', content)
    const path = join(home.folder, 'auth.json')
    expect(await refusalOf(sessionFiles(home.folder).registries())).toMatchObject({
      code: 'unauthenticated',
      message: `${path} is damaged: ${why}`,
      hint: 'Run quilt-mcp login (or quilt3 login): it keeps the damaged file beside a new one.',
      retryable: false,
      details: { path, reason: 'damaged' },
    })
  })

  it('that is damaged is put aside by the next login', async () => {
    const home = userHome()
    home.put('auth.json', '{"torso')
    await sessionFiles(home.folder).addTokens(registryUrl, tokens)
    const [, aside = ''] = home.files()
    expect(aside).toMatch(/^auth\.json\.damaged\.\d+$/)
    expect(home.text(aside)).toBe('{"torso')
  })

  it('that holds something else for the registry is damaged, too', async () => {
    const home = userHome()
    home.put('auth.json', { [registryUrl]: { token: 'SECRET' } })
    const refusal = await refusalOf(sessionFiles(home.folder).tokens(registryUrl))
    expect(refusal.message).toBe(
      `${join(home.folder, 'auth.json')} is damaged: what it says of ${registryUrl} is no sign-in`,
    )
  })

  it('that is a folder cannot be read', async () => {
    const home = userHome()
    await mkdir(join(home.folder, 'auth.json'), { recursive: true })
    const refusal = await refusalOf(sessionFiles(home.folder).registries())
    expect([refusal.code, refusal.message]).toEqual([
      'unauthenticated',
      `${join(home.folder, 'auth.json')} cannot be read (EISDIR)`,
    ])
  })
})

describe('refreshed tokens', () => {
  const next = { refreshToken: 'r2', accessToken: 'a2', expiresAtMs: 1_900_000_000_000 }

  it('replace those they were made from', async () => {
    const home = userHome()
    const files = sessionFiles(home.folder)
    await files.addTokens(registryUrl, tokens)
    expect(await files.replaceTokens(registryUrl, { old: tokens, next })).toEqual(next)
    expect(await files.tokens(registryUrl)).toEqual(next)
  })

  it('do not bring back somebody who signed out meanwhile', async () => {
    const home = userHome()
    home.put('auth.json', {})
    expect(await sessionFiles(home.folder).replaceTokens(registryUrl, { old: tokens, next })).toBeUndefined()
    expect(home.text('auth.json')).toBe('{}')
  })

  it('do not replace those of a newer login', async () => {
    const home = userHome()
    home.put('auth.json', { [registryUrl]: signIn('newer') })
    const files = sessionFiles(home.folder)
    const kept = await files.replaceTokens(registryUrl, { old: tokens, next })
    expect(kept).toMatchObject({ refreshToken: 'refresh-newer' })
    expect(await files.tokens(registryUrl)).toEqual(kept)
  })
})

describe('credentials.json', () => {
  it('is written as quilt3 writes it, and read', async () => {
    const home = userHome()
    const files = sessionFiles(home.folder)
    await files.keepCredentials(keys)
    expect(home.text('credentials.json')).toBe(
      '{"access_key": "ASIA1", "secret_key": "s", "token": "t", "expiry_time": "2027-01-02T03:04:05+00:00"}',
    )
    expect(home.mode('credentials.json')).toBe('600')
    expect(await files.credentials()).toEqual(keys)
  })

  it.each([
    '{}',
    '',
    '{"access_key"',
    '[]',
    '{"access_key":"A","secret_key":"s","token":"t","expiry_time":"soon"}',
  ])('that says %j holds none', async (content) => {
    const home = userHome()
    home.put('credentials.json', content)
    expect(await sessionFiles(home.folder).credentials()).toBeUndefined()
  })

  it('takes no lasting keys: they are not of a registry', async () => {
    const home = userHome()
    const lasting = { accessKeyId: 'AKIA', secretAccessKey: 's' }
    expect((await refusalOf(sessionFiles(home.folder).keepCredentials(lasting))).code).toBe('internal')
  })
})

describe('signing out', () => {
  it('empties both files, whatever was in them', async () => {
    const home = userHome()
    home.put('auth.json', '{"torso')
    home.put('credentials.json', { access_key: 'A' })
    expect(await sessionFiles(home.folder).clear()).toBe(true)
    expect([home.text('auth.json'), home.text('credentials.json')]).toEqual(['{}', '{}'])
    expect(await sessionFiles(home.folder).clear()).toBe(false)
  })
})

it('a link to a file elsewhere stays a link', async () => {
  const home = userHome()
  await mkdir(home.folder, { recursive: true })
  const elsewhere = join(home.homeDir, 'dotfiles-auth.json')
  writeFileSync(elsewhere, '{}')
  symlinkSync(elsewhere, join(home.folder, 'auth.json'))
  await sessionFiles(home.folder).addTokens(registryUrl, tokens)
  expect(lstatSync(join(home.folder, 'auth.json')).isSymbolicLink()).toBe(true)
  expect(home.json('auth.json')).toHaveProperty([registryUrl])
})
