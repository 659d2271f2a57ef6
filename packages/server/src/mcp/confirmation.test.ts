import { describe, expect, it } from 'vitest'
import { ConfirmationNeeded, confirmationTokens, confirmer } from './confirmation.js'

const subject = { package: 'a/b', topHash: 'abc' }
const question = { message: 'Remove a/b?', subject }
const tokens = confirmationTokens('secret')

describe('confirmation without a client that can ask', () => {
  const confirm = confirmer({ tool: 'wipe', tokens })
  const planned = async () => {
    const error = await confirm(question).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'conflict',
      message: 'Needs confirmation: Remove a/b?',
      details: { plan: 'Remove a/b?' },
    })
    return String(Reflect.get(Object(Reflect.get(Object(error), 'details')), 'confirm'))
  }

  it('gives the plan and a token, and goes on when the call is repeated with it', async () => {
    await expect(confirm({ ...question, token: await planned() })).resolves.toBeUndefined()
  })

  it('refuses the token for another state, another tool, another caller', async () => {
    const token = await planned()
    const refused = { code: 'conflict', message: expect.stringContaining('does not fit') }
    await expect(confirm({ ...question, subject: { ...subject, topHash: 'abd' }, token })).rejects.toMatchObject(
      refused,
    )
    await expect(confirmer({ tool: 'quote', tokens })({ ...question, token })).rejects.toMatchObject(refused)
    await expect(
      confirmer({ tool: 'wipe', tokens: confirmationTokens('other') })({ ...question, token }),
    ).rejects.toMatchObject(refused)
    await expect(confirm({ ...question, token: 'yes' })).rejects.toMatchObject(refused)
  })

  it('takes the members of the subject in any order', async () => {
    await expect(
      confirm({ ...question, subject: { topHash: 'abc', package: 'a/b' }, token: await planned() }),
    ).resolves.toBeUndefined()
  })

  it('forgets a token after twenty minutes at most, and keeps it for ten', () => {
    let minutes = 5
    const clocked = confirmationTokens('secret', () => minutes * 60_000)
    const token = clocked.sign('wipe', subject)
    minutes = 15
    expect(clocked.holds(token, 'wipe', subject)).toBe(true)
    minutes = 25
    expect(clocked.holds(token, 'wipe', subject)).toBe(false)
  })

  it('works on any replica that knows the same caller', () => {
    expect(confirmationTokens('secret').holds(tokens.sign('wipe', subject), 'wipe', subject)).toBe(true)
  })
})

describe('confirmation by a client that can ask', () => {
  const state = tokens.sign('wipe', subject)

  it('asks first, then goes on when the user accepts', async () => {
    await expect(
      confirmer({ tool: 'wipe', tokens, elicitation: { answer: 'missing' } })(question),
    ).rejects.toBeInstanceOf(ConfirmationNeeded)
    await expect(
      confirmer({ tool: 'wipe', tokens, elicitation: { answer: 'accepted', state } })(question),
    ).resolves.toBeUndefined()
  })

  it('is forbidden when the user declines', async () => {
    const confirm = confirmer({ tool: 'wipe', tokens, elicitation: { answer: 'declined', state } })
    await expect(confirm(question)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('asks again when the answer is about another state, or about none', async () => {
    const other = tokens.sign('wipe', { ...subject, topHash: 'old' })
    for (const stale of [other, undefined, 'nonsense']) {
      const confirm = confirmer({ tool: 'wipe', tokens, elicitation: { answer: 'accepted', state: stale } })
      await expect(confirm(question)).rejects.toBeInstanceOf(ConfirmationNeeded)
    }
  })
})
