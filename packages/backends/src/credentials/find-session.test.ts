import { describe, expect, it } from 'vitest'
import { createHttpClient } from '../http/client.js'
import { faultServer, json, text } from '../test/fault-server.js'
import { signIn, type UserHome, userHome } from '../test/user-home.js'
import { type FindSessionOptions, findQuilt3Stack, findSession } from './find-session.js'

const http = createHttpClient({ pauseMs: 1 })
const a = 'https://a.example.com'
const b = 'https://b.example.com'
const configOf = (registryUrl: string) =>
  `navigator_url: https://catalog.example.com/\nregistryUrl: ${registryUrl}\nregion: eu-west-1\n`
const find = (home: UserHome, options: Partial<FindSessionOptions> = {}) => findSession({ ...home, http, ...options })

describe('a session', () => {
  it("is that of the registry in quilt3's settings", async () => {
    const home = userHome()
    home.put('config.yml', configOf(b))
    home.put('auth.json', { [a]: signIn('a'), [b]: signIn('b') })
    expect(await find(home)).toEqual({
      session: {
        folder: home.folder,
        registryUrl: b,
        isDefault: true,
        catalogUrl: 'https://catalog.example.com',
        region: 'eu-west-1',
      },
      explanation: `Signed in to ${b} (${home.folder}).`,
    })
  })

  it('is the only one there is, when there are no settings', async () => {
    const home = userHome()
    home.put('auth.json', { [a]: signIn('a') })
    expect((await find(home)).session).toEqual({ folder: home.folder, registryUrl: a, isDefault: false })
  })

  it('is the wanted one', async () => {
    const home = userHome()
    home.put('config.yml', configOf(b))
    home.put('auth.json', { [a]: signIn('a'), [b]: signIn('b') })
    expect((await find(home, { registryUrl: `${a}/` })).session).toEqual({
      folder: home.folder,
      registryUrl: a,
      isDefault: false,
    })
    const known = await find(home, { catalogUrl: 'https://catalog.example.com' })
    expect(known.session).toMatchObject({ registryUrl: b, isDefault: true })
  })

  it('of a wanted catalog is found by asking the catalog', async () => {
    const home = userHome()
    const catalog = await faultServer(json({ registryUrl: a }))
    home.put('auth.json', { [a]: signIn('a'), [b]: signIn('b') })
    const found = await find(home, { catalogUrl: catalog.url })
    expect(found.session).toMatchObject({ registryUrl: a, catalogUrl: catalog.url })
    expect(catalog.requests).toEqual(['GET /config.json'])
  })

  it('with a token needs a stack, and nobody who is signed in', async () => {
    const home = userHome()
    expect(await find(home, { token: 'qk_x' })).toEqual({
      explanation:
        'A token is set, but no stack: set QUILT_CATALOG_URL or QUILT_REGISTRY_URL, or run quilt-mcp login <catalog URL>.',
    })
    home.put('config.yml', configOf(b))
    const found = await find(home, { token: 'qk_x' })
    expect([found.session?.registryUrl, found.explanation]).toEqual([b, `A token is set, for ${b}.`])
  })

  it('on macOS is where XDG_DATA_HOME says, when there is one, else in the usual folder', async () => {
    const home = userHome()
    home.put('auth.json', { [a]: signIn('a') })
    const mac = { platform: 'darwin', env: { XDG_DATA_HOME: `${home.homeDir}/.local/share` } } as const
    expect((await find(home, mac)).session?.folder).toBe(home.folder)
    const usual = `${home.homeDir}/Library/Application Support/Quilt`
    expect((await find(userHome(), { ...mac, homeDir: home.homeDir, env: {} })).explanation).toContain(usual)
  })
})

describe('no session', () => {
  const login = 'run quilt-mcp login <catalog URL> (or quilt3 login).'

  it.each([undefined, {}, { [a]: { foreign: true } }])('is in auth.json %j', async (auth) => {
    const home = userHome()
    if (auth !== undefined) home.put('auth.json', auth)
    expect(await find(home)).toEqual({ explanation: `Nobody is signed in in ${home.folder}: ${login}` })
  })

  it('is there for a registry without a sign-in', async () => {
    const home = userHome()
    home.put('config.yml', configOf(b))
    home.put('auth.json', { [a]: signIn('a') })
    expect(await find(home)).toEqual({ explanation: `Nobody is signed in to ${b}, only to ${a}: ${login}` })
  })

  it('is chosen among several', async () => {
    const home = userHome()
    home.put('auth.json', { [a]: signIn('a'), [b]: signIn('b') })
    expect((await find(home)).explanation).toMatch(
      new RegExp(`^There are sign-ins to ${a} and ${b}: set QUILT_CATALOG_URL`),
    )
  })

  it('is found in damaged files, or for a catalog that does not answer; the explanation says so', async () => {
    const home = userHome()
    home.put('auth.json', '{"torso')
    expect((await find(home)).explanation).toMatch(/auth\.json is damaged: it is not JSON\. Run quilt-mcp login/)
    home.put('auth.json', { [a]: signIn('a') })
    home.put('config.yml', 'registryUrl: [')
    expect((await find(home)).explanation).toMatch(/config\.yml is not YAML/)
    home.put('config.yml', '')
    const catalog = await faultServer(text('', 404))
    expect((await find(home, { catalogUrl: catalog.url })).explanation).toMatch(/^Reading the catalog configuration: /)
  })
})

it("quilt3's settings name a stack, whether or not anybody is signed in", async () => {
  const home = userHome()
  home.put('config.yml', configOf(b))
  expect(await findQuilt3Stack(home)).toEqual({
    folder: home.folder,
    registryUrl: b,
    catalogUrl: 'https://catalog.example.com',
    region: 'eu-west-1',
  })
})
