import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { boundToArguments, type Confirm, ConfirmationNeeded, confirmer } from './confirmation.js'
import { confirmationTokens } from './confirmation-tokens.js'
import { createSpentTokens } from './spent-tokens.js'

const subject = { package: 'a/b', topHash: 'abc' }
const question = { message: 'Remove a/b?', subject }
const tokens = confirmationTokens('secret')
const refusal = (asked: Promise<void>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  )

/** The token of the plan that a call is answered with. */
async function planned(confirm: Confirm): Promise<string> {
  const error = await refusal(confirm(question))
  if (!(error instanceof QuiltError)) throw new Error('no plan')
  return String(error.details?.confirm)
}

describe('confirmation without a client that can ask', () => {
  const confirm = confirmer({ tool: 'wipe', tokens })

  it('gives the plan and a token, and goes on when the call is repeated with it', async () => {
    const error = await refusal(confirm(question))
    expect(error).toMatchObject({
      code: 'conflict',
      message: 'Needs confirmation: Remove a/b?',
      details: { plan: 'Remove a/b?', confirm: expect.any(String) },
    })
    await expect(confirm({ ...question, token: await planned(confirm) })).resolves.toBeUndefined()
  })

  it('refuses a token that was used, and gives a new plan', async () => {
    const token = await planned(confirm)
    await confirm({ ...question, token })
    const error = await refusal(confirm({ ...question, token }))
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringContaining('was used already') })
    const again = error instanceof QuiltError ? String(error.details?.confirm) : ''
    await expect(confirm({ ...question, token: again })).resolves.toBeUndefined()
  })

  it('refuses a token that has expired', async () => {
    let minutes = 0
    const clocked = confirmationTokens('secret', {
      spent: createSpentTokens(),
      policy: 'ask',
      now: () => minutes * 60_000,
    })
    const late = confirmer({ tool: 'wipe', tokens: clocked })
    const token = await planned(late)
    minutes = 16
    expect(await refusal(late({ ...question, token }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('has expired'),
    })
  })

  it('refuses a token of another state, another tool, another caller, and one that was never given', async () => {
    const refused = { code: 'conflict', message: expect.stringContaining('does not fit') }
    const other = confirmer({ tool: 'wipe', tokens: confirmationTokens('other') })
    const token = await planned(confirm)
    const changed = { ...subject, topHash: 'abd' }
    expect(await refusal(confirm({ ...question, subject: changed, token }))).toMatchObject(refused)
    expect(await refusal(confirmer({ tool: 'quote', tokens })({ ...question, token }))).toMatchObject(refused)
    expect(await refusal(other({ ...question, token }))).toMatchObject(refused)
    expect(await refusal(confirm({ ...question, token: 'yes' }))).toMatchObject(refused)
  })

  it('is bound to the arguments of the call, in whichever order they come', async () => {
    const with_ = (args: object) => boundToArguments(confirm, { ...args })
    const token = await planned(with_({ thing: 'x', how: { a: 1, b: 2 } }))
    expect(await refusal(with_({ thing: 'y', how: { a: 1, b: 2 } })({ ...question, token }))).toMatchObject({
      code: 'conflict',
    })
    const same = with_({ how: { b: 2, a: 1 }, thing: 'x', confirm: token })
    await expect(same({ ...question, token })).resolves.toBeUndefined()
  })

  it('is refused where only the answer of a user counts', async () => {
    const strict = confirmationTokens('secret', { spent: createSpentTokens(), policy: 'elicit' })
    const confirmed = confirmer({ tool: 'wipe', tokens: strict })
    for (const token of [undefined, await planned(confirm), strict.sign({ purpose: 'plan', tool: 'wipe', subject })]) {
      const error = await refusal(confirmed({ ...question, token }))
      expect(error).toMatchObject({ code: 'forbidden', details: { plan: 'Remove a/b?', reason: 'client-cannot-ask' } })
      expect(error).not.toHaveProperty('details.confirm')
    }
  })
})

describe('confirmation by a client that can ask', () => {
  const asking = (answer: 'missing' | 'accepted' | 'declined', state?: string) =>
    confirmer({ tool: 'wipe', tokens, elicitation: { answer, state } })

  it('asks first, then goes on when the user accepts', async () => {
    const asked = await refusal(asking('missing')(question))
    const state = asked instanceof ConfirmationNeeded ? asked.state : ''
    await expect(asking('accepted', state)(question)).resolves.toBeUndefined()
  })

  it('takes an answer once', async () => {
    const state = tokens.sign({ purpose: 'question', tool: 'wipe', subject })
    await asking('accepted', state)(question)
    expect(await refusal(asking('accepted', state)(question))).toBeInstanceOf(ConfirmationNeeded)
  })

  it('is forbidden when the user declines', async () => {
    const state = tokens.sign({ purpose: 'question', tool: 'wipe', subject })
    expect(await refusal(asking('declined', state)(question))).toMatchObject({ code: 'forbidden' })
  })

  it('asks again when the answer is about another state, or about none', async () => {
    const other = tokens.sign({ purpose: 'question', tool: 'wipe', subject: { ...subject, topHash: 'old' } })
    for (const stale of [other, undefined, 'nonsense'])
      expect(await refusal(asking('accepted', stale)(question))).toBeInstanceOf(ConfirmationNeeded)
  })

  it('asks the user whatever token the model brings', async () => {
    const token = await planned(confirmer({ tool: 'wipe', tokens }))
    expect(await refusal(asking('missing')({ ...question, token }))).toBeInstanceOf(ConfirmationNeeded)
    expect(await refusal(asking('accepted', token)(question))).toBeInstanceOf(ConfirmationNeeded)
  })
})
