import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { rotatingSecrets } from './rotating-secrets.js'
import { secretFile } from './secret-source.js'
import { createJwtVerifier } from './verify-jwt.js'

const first = 'the first secret, of thirty-two bytes and more'
const second = 'the second secret, of thirty-two bytes and more'

let path: string
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'))
  path = join(folder, 'secrets')
  return () => rm(folder, { recursive: true })
})

/** A verifier whose secrets lie in a file, and whose clock a test sets. */
async function verifierOf(text: string) {
  await writeFile(path, text)
  const state = { nowMs: Date.parse('2026-11-21T12:00:00Z'), problems: [] as unknown[] }
  const now = () => state.nowMs
  const secrets = await rotatingSecrets({
    source: secretFile(path),
    onProblem: (error) => state.problems.push(error),
    now,
  })
  const verify = createJwtVerifier({ secrets, now })
  const takes = async (secret: string, kid?: string): Promise<boolean> => {
    const header = kid === undefined ? { alg: 'HS256' } : { alg: 'HS256', kid }
    const token = new SignJWT({ sub: 'ada', exp: state.nowMs / 1_000 + 60 }).setProtectedHeader(header)
    return (await verify(await token.sign(Buffer.from(secret)))) !== undefined
  }
  return { state, takes }
}

describe('secrets that rotate', () => {
  it('are read again for a key id that is new, at most every 30 s', async () => {
    const { state, takes } = await verifierOf(JSON.stringify({ k1: first }))
    await writeFile(path, JSON.stringify({ k1: first, k2: second }))
    expect(await takes(second, 'k2')).toBe(false)
    state.nowMs += 30_000
    expect(await takes(second, 'k2')).toBe(true)
    expect(await takes(first, 'k1')).toBe(true)
  })

  it('are read again for a token that they do not fit: a bare secret may change too', async () => {
    const { state, takes } = await verifierOf(first)
    state.nowMs += 30_000
    await writeFile(path, second)
    expect(await takes(second)).toBe(true)
    expect(await takes(first)).toBe(false)
  })

  it('are forgotten once the source no longer has them', async () => {
    const { state, takes } = await verifierOf(JSON.stringify({ k1: first, k2: second }))
    await writeFile(path, JSON.stringify({ k2: second }))
    state.nowMs += 1_200_000
    expect(await takes(first, 'k1')).toBe(false)
    expect(await takes(second, 'k2')).toBe(true)
  })

  it.each([
    ['is gone', (file: string) => rm(file)],
    ['holds nonsense', (file: string) => writeFile(file, '{"k1":')],
    ['is too large', (file: string) => writeFile(file, 'x'.repeat(65_537))],
  ])('stay when the source %s, which is told', async (_what, spoil) => {
    const { state, takes } = await verifierOf(first)
    await spoil(path)
    state.nowMs += 1_200_000
    expect(await takes(first)).toBe(true)
    expect(await takes(second)).toBe(false)
    expect(state.problems).toEqual([expect.objectContaining({ code: 'invalid_input' })])
  })

  it('are not there at the start: the source says why', async () => {
    await expect(rotatingSecrets({ source: secretFile(path) })).rejects.toMatchObject({
      code: 'invalid_input',
      message: `${path} cannot be read (ENOENT)`,
    })
  })
})
