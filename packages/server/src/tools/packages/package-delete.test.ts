import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

let made = 0
/** A package of two revisions; a new one for each test. */
async function aPackage() {
  const args = { package: `doomed/p${++made}`, bucket: 'lab-a' }
  const first = await world.ada.ok('package_create', {
    ...args,
    message: 'One',
    entries: [{ logical_key: 'a', text: 'a' }],
  })
  const second = await world.ada.ok('package_update', {
    ...args,
    message: 'Two',
    add: [{ logical_key: 'b', text: 'b' }],
  })
  return { args, first: first.top_hash, second: second.top_hash }
}

describe('package_delete', () => {
  it('shows the plan first, and removes nothing before it is confirmed', async () => {
    const { args, second } = await aPackage()
    expect(await world.ada.fails('package_delete', { ...args, revision: 'all' })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(
        `Remove the package ${args.package} from lab-a: all its 2 revisions, the latest of them ${String(second).slice(0, 10)}. Its data and manifests in the bucket stay.`,
      ),
    })
    expect(await world.ada.ok('package_browse', args)).toMatchObject({ top_hash: second })
  })

  it('says in a dry run what would go and what would stay, and removes nothing', async () => {
    const { args, first, second } = await aPackage()
    const dry = (revision: unknown) => world.ada.ok('package_delete', { ...args, revision, dry_run: true })
    expect(await dry('latest')).toMatchObject({
      dry_run: true,
      would_remove: [{ top_hash: second, modified: expect.any(String), message: { untrusted: 'Two' } }],
      revisions_left: 1,
      latest: first,
      package_gone: false,
      next: ['the same call without dry_run'],
    })
    expect(await dry(String(first).slice(0, 8))).toMatchObject({ would_remove: [{ top_hash: first }], latest: second })
    const all = await dry('all')
    expect(all).toMatchObject({ would_remove: [{ top_hash: second }, { top_hash: first }], package_gone: true })
    expect(all).not.toHaveProperty('latest')
    expect(await world.ada.ok('package_revisions', args)).toMatchObject({ total: 2, latest: second })
  })

  it('names in its question what becomes latest', async () => {
    const { args, first, second } = await aPackage()
    const ask = async (revision: unknown) => (await world.ada.fails('package_delete', { ...args, revision })).message
    expect(await ask('latest')).toContain(
      `it is the latest one, ${String(first).slice(0, 10)} becomes latest, 1 revision left.`,
    )
    expect(await ask(first)).toContain(`Remove revision ${String(first).slice(0, 10)} of`)
    expect(await ask(first)).toContain('latest does not change, 1 revision left.')
    expect(second).not.toBe(first)
  })

  it('removes an older revision by the beginning of its hash; latest stays', async () => {
    const { args, first, second } = await aPackage()
    const result = await world.ada.confirmed('package_delete', { ...args, revision: String(first).slice(0, 10) })
    expect(result).toMatchObject({ removed: [first], revisions_left: 1, latest: second, package_gone: false })
  })

  it('leaves the other packages of the namespace alone', async () => {
    const [{ args }, other] = [await aPackage(), await aPackage()]
    await world.ada.confirmed('package_delete', { ...args, revision: 'all' })
    expect(await world.ada.ok('package_revisions', other.args)).toMatchObject({ total: 2 })
  })

  it('takes a confirmation once, and not that for one revision for the whole package', async () => {
    const { args, first } = await aPackage()
    const { details } = await world.ada.fails('package_delete', { ...args, revision: first })
    const confirm = details?.confirm
    expect((await world.ada.fails('package_delete', { ...args, revision: 'all', confirm })).message).toContain(
      'does not fit',
    )
    await world.ada.ok('package_delete', { ...args, revision: first, confirm })
    expect(await world.ada.fails('package_delete', { ...args, revision: first, confirm })).toMatchObject({
      code: 'not_found',
    })
    expect(await world.ada.ok('package_revisions', args)).toMatchObject({ total: 1 })
  })

  it('removes one revision; the one before becomes latest', async () => {
    const { args, first, second } = await aPackage()
    expect(await world.ada.confirmed('package_delete', { ...args, revision: 'latest' })).toMatchObject({
      removed: [second],
      latest: first,
      package_gone: false,
      by: { user: 'ada' },
    })
  })

  it('removes a whole package and leaves its data', async () => {
    const { args, first, second } = await aPackage()
    const result = await world.ada.confirmed('package_delete', { ...args, revision: 'all' })
    expect(result).toMatchObject({ package_gone: true })
    expect(new Set(result.removed as string[])).toEqual(new Set([first, second]))
    expect(await world.ada.fails('package_browse', args)).toMatchObject({ code: 'not_found' })
    expect(await world.ada.ok('object_info', { bucket: 'lab-a', key: `${args.package}/a` })).toMatchObject({ size: 1 })
  })

  it('does not take a confirmation that was given for another state', async () => {
    const { args } = await aPackage()
    const { details } = await world.ada.fails('package_delete', { ...args, revision: 'all' })
    await world.ada.ok('package_update', {
      ...args,
      message: 'Three',
      remove: ['b'],
      add: [{ logical_key: 'c', text: 'c' }],
    })
    expect(
      await world.ada.fails('package_delete', { ...args, revision: 'all', confirm: details?.confirm }),
    ).toMatchObject({
      code: 'conflict',
    })
    expect(await world.ada.ok('package_revisions', args)).toMatchObject({ total: 3 })
  })

  it.each([
    [{ package: 'study/cells', bucket: 'lab-a' }, 'invalid_input', 'what to delete of study/cells is not clear'],
    [{ package: 'quilt+s3://lab-a#package=study/cells@abcdef', revision: 'all' }, 'invalid_input', 'is not clear'],
    [
      { package: 'quilt+s3://lab-a#package=study/cells&path=README.md', revision: 'latest' },
      'invalid_input',
      'files are not deleted',
    ],
    [{ package: 'secret/plan', bucket: 'lab-b', revision: 'all' }, 'not_found', 'lab-b'],
  ])('refuses %j', async (args, code, message) => {
    expect(await world.ada.fails('package_delete', args)).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })
})
