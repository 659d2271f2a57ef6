import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDatabase } from '../store/database.js'
import { type IdentityStore, openIdentity } from './identity-store.js'
import { sessionSecretOf } from './session-secret.js'

let dataDir: string
let db: Db
let identity: IdentityStore
let clock: Date

const secret = new Uint8Array(32).fill(7)
const open = (): IdentityStore => openIdentity({ db, sessionSecret: secret, now: () => clock })
const inSeconds = (seconds: number): void => {
  clock = new Date(clock.getTime() + seconds * 1000)
}
const userIdOf = (name: string): string => identity.principalByName(name)?.userId ?? ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'quilt-identity-'))
  db = openDatabase(join(dataDir, 'stack.db'))
  clock = new Date('2026-03-01T12:00:00Z')
  identity = open()
  identity.putRole({ name: 'analyst', permissions: { 'lab-a': 'READ_WRITE', shared: 'READ' } })
  identity.putRole({ name: 'guest', permissions: { shared: 'READ' } })
  identity.putUser({ name: 'ada', email: 'ada@example.com', password: 'pw', role: 'analyst', extraRoles: ['guest'] })
  identity.putUser({ name: 'grace', email: 'grace@example.com', role: 'guest' })
})

afterEach(() => {
  db.close()
  rmSync(dataDir, { recursive: true })
})

describe('users and roles', () => {
  it('gives a user the permissions of the active role', () => {
    expect(identity.principalByName('ada')).toEqual({
      userId: expect.any(String),
      userName: 'ada',
      email: 'ada@example.com',
      isAdmin: false,
      roleName: 'analyst',
      permissions: new Map([
        ['lab-a', 'READ_WRITE'],
        ['shared', 'READ'],
      ]),
    })
  })

  it('refuses a user with a role that is not there', () => {
    expect(() => identity.putUser({ name: 'x', email: 'x@example.com', role: 'nobody' })).toThrow(
      'there is no role nobody',
    )
  })

  it('keeps id, password and active role when the same user is put again', async () => {
    const before = identity.principalByName('ada')
    identity.switchRole(before?.userId ?? '', 'guest')
    identity.putUser({ name: 'ada', email: 'ada@lab.example.com', role: 'analyst', extraRoles: ['guest'] })
    expect(await identity.byPassword('ada', 'pw')).toMatchObject({
      userId: before?.userId,
      email: 'ada@lab.example.com',
      roleName: 'guest',
    })
  })

  it('knows the right password only', async () => {
    expect((await identity.byPassword('ada', 'pw'))?.userName).toBe('ada')
    expect(await identity.byPassword('ada', 'PW')).toBeUndefined()
    expect(await identity.byPassword('grace', '')).toBeUndefined()
    expect(await identity.byPassword('nobody', 'pw')).toBeUndefined()
  })

  it('switches the role for all sessions and keys of the user, and for nobody else', async () => {
    const { token } = await identity.createSession(userIdOf('ada'))
    const { secret: key } = identity.createApiKey(userIdOf('ada'), { name: 'k', days: 1 })
    expect(identity.switchRole(userIdOf('ada'), 'guest')?.roleName).toBe('guest')
    expect((await identity.byBearer(token))?.permissions).toEqual(new Map([['shared', 'READ']]))
    expect((await identity.byBearer(key))?.roleName).toBe('guest')
    expect(identity.switchRole(userIdOf('grace'), 'analyst')).toBeUndefined()
    expect(identity.principalByName('grace')?.roleName).toBe('guest')
  })
})

describe('catalog sessions', () => {
  it('are JWTs with id, uuid and exp only', async () => {
    const { token, exp } = await identity.createSession(userIdOf('ada'), 60)
    expect(decodeJwt(token)).toEqual({ id: userIdOf('ada'), uuid: expect.any(String), exp })
    expect(exp).toBe(clock.getTime() / 1000 + 60)
  })

  it('end by time, by logout, and stay ended', async () => {
    const [short, long] = [
      await identity.createSession(userIdOf('ada'), 60),
      await identity.createSession(userIdOf('ada'), 600),
    ]
    inSeconds(60)
    expect(await identity.byBearer(short.token)).toBeUndefined()
    expect((await identity.byBearer(long.token))?.userName).toBe('ada')
    await identity.endSession(long.token)
    expect(await identity.byBearer(long.token)).toBeUndefined()
  })

  it('are refused when signed by another secret, by none, or naming another user', async () => {
    const { token } = await identity.createSession(userIdOf('ada'))
    const claims = decodeJwt(token)
    const signed = (payload: Record<string, unknown>, key: Uint8Array): Promise<string> =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(key)
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`
    for (const forged of [
      await signed(claims, new Uint8Array(32)),
      await signed({ ...claims, id: userIdOf('grace') }, secret),
      await signed({ id: claims.id, exp: claims.exp }, secret),
      unsigned,
      'qk_',
      '',
    ])
      expect(await identity.byBearer(forged)).toBeUndefined()
  })

  it('live on after a restart, signed by the secret in the data folder', () => {
    const made = sessionSecretOf(dataDir)
    expect(sessionSecretOf(dataDir)).toEqual(made)
    expect(made).toHaveLength(32)
    expect(statSync(join(dataDir, 'session.key')).mode & 0o777).toBe(0o600)
  })
})

describe('API keys', () => {
  it('show the secret once, and its ends in the fingerprint', () => {
    const { key, secret: shown } = identity.createApiKey(userIdOf('ada'), { name: 'laptop', days: 30 })
    expect(shown).toMatch(/^qk_[\w-]{43}$/)
    expect(key).toEqual({
      id: expect.any(String),
      name: 'laptop',
      fingerprint: `${shown.slice(0, 6)}…${shown.slice(-3)}`,
      createdAt: clock,
      expiresAt: new Date('2026-03-31T12:00:00Z'),
      userEmail: 'ada@example.com',
      status: 'ACTIVE',
    })
    expect(identity.apiKeys(userIdOf('ada'))).toEqual([key])
    db.pragma('wal_checkpoint(TRUNCATE)')
    expect(readFileSync(join(dataDir, 'stack.db')).includes(shown)).toBe(false)
  })

  it('act as their owner until they expire, and note when they were used', async () => {
    const { secret: key } = identity.createApiKey(userIdOf('ada'), { name: 'k', days: 1 })
    inSeconds(3600)
    expect((await identity.byBearer(key))?.userName).toBe('ada')
    expect(identity.apiKeys(userIdOf('ada'))[0]?.lastUsedAt).toEqual(clock)
    inSeconds(23 * 3600)
    expect(await identity.byBearer(key)).toBeUndefined()
    expect(identity.apiKeys(userIdOf('ada'))[0]?.status).toBe('EXPIRED')
  })

  it('are revoked by id or by secret, by their owner only', async () => {
    const [first, second] = [1, 2].map(() => identity.createApiKey(userIdOf('ada'), { name: 'k', days: 1 }))
    const [id, shown] = [first?.key.id ?? '', second?.secret ?? '']
    expect(identity.revokeApiKey(userIdOf('grace'), { id })).toBe(false)
    expect(identity.revokeApiKey(userIdOf('grace'), { secret: shown })).toBe(false)
    expect(identity.revokeApiKey(userIdOf('ada'), { id })).toBe(true)
    expect(identity.revokeApiKey(userIdOf('ada'), { secret: shown })).toBe(true)
    expect(identity.revokeApiKey(userIdOf('ada'), { id })).toBe(false)
    expect(await identity.byBearer(shown)).toBeUndefined()
    expect(identity.apiKeys(userIdOf('ada'))).toEqual([])
  })
})

describe('refresh tokens', () => {
  it('give a session and the next refresh token, once', async () => {
    const code = identity.createRefreshToken(userIdOf('ada'))
    const next = await identity.exchangeRefreshToken(code)
    expect((await identity.byBearer(next?.session.token ?? ''))?.userName).toBe('ada')
    expect(await identity.exchangeRefreshToken(code)).toBeUndefined()
    expect(await identity.exchangeRefreshToken(next?.refreshToken ?? '')).toBeDefined()
  })

  it('expire after 90 days', async () => {
    const code = identity.createRefreshToken(userIdOf('ada'))
    inSeconds(90 * 24 * 3600)
    expect(await identity.exchangeRefreshToken(code)).toBeUndefined()
  })
})

describe('issued credentials', () => {
  it('are found after a restart, with the session that AssumeRole named', () => {
    const ada = identity.principalByName('ada')
    const session = { name: 'mcp', sourceIdentity: 'ada', tags: { team: 'x' }, transitiveTagKeys: ['team'] }
    const issued = ada && identity.issueCredentials(ada, 900, session)
    expect(issued?.expires).toEqual(new Date('2026-03-01T12:15:00Z'))
    expect(open().byAccessKeyId(issued?.accessKeyId ?? '')).toEqual({ principal: ada, credentials: issued })
  })

  it('keep the role they were issued for, and lose it with the user', () => {
    const ada = identity.principalByName('ada')
    const accessKeyId = (ada && identity.issueCredentials(ada, 900).accessKeyId) ?? ''
    identity.switchRole(userIdOf('ada'), 'guest')
    expect(identity.byAccessKeyId(accessKeyId)?.principal.roleName).toBe('analyst')
    identity.putUser({ name: 'ada', email: 'ada@example.com', role: 'guest' })
    expect(identity.byAccessKeyId(accessKeyId)).toBeUndefined()
  })

  it('are issued for another role of the user only when it is the user’s', () => {
    const [ada, grace] = [identity.principalByName('ada'), identity.principalByName('grace')]
    expect(ada && identity.assumeRole(ada, 'guest')?.roleName).toBe('guest')
    expect(grace && identity.assumeRole(grace, 'analyst')).toBeUndefined()
  })
})

describe('bucket records', () => {
  it('take the name as the title, and keep what is not given again', () => {
    identity.putBucket({ name: 'lab-a' })
    expect(identity.bucketRecord('lab-a')).toEqual({
      name: 'lab-a',
      title: 'lab-a',
      browsable: false,
      relevanceScore: 0,
    })
    identity.putBucket({ name: 'lab-a', title: 'Lab A', description: 'Ours', browsable: true })
    identity.putBucket({ name: 'lab-a' })
    expect(identity.bucketRecords()).toEqual([
      { name: 'lab-a', title: 'Lab A', description: 'Ours', browsable: true, relevanceScore: 0 },
    ])
    expect(identity.bucketRecord('lab-b')).toBeUndefined()
  })
})
