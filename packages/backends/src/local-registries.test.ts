import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FindLocalOptions, findLocalRegistry } from './local-registries.js'
import { refusalOf } from './test/collect.js'
import { testFolder } from './test/store-world.js'

/** A user's home folder on Linux, with quilt3's `config.yml` if given. */
function home(config?: string) {
  const homeDir = realpathSync(testFolder())
  const data = join(homeDir, '.local/share/Quilt')
  if (config !== undefined) {
    mkdirSync(data, { recursive: true })
    writeFileSync(join(data, 'config.yml'), config)
  }
  const find = (more: Partial<FindLocalOptions> = {}) =>
    findLocalRegistry({ env: {}, homeDir, platform: 'linux', ...more })
  return { homeDir, data, find }
}
const registryAt = (root: string) => mkdirSync(join(root, '.quilt/packages'), { recursive: true })

describe('without any setting', () => {
  it('the local registry of quilt3 is found when there is one', async () => {
    const { data, find } = home()
    const root = join(data, 'packages')
    expect(await find()).toEqual({
      registries: [],
      looked: 'QUILT_LOCAL_REGISTRY',
      explanation: `There is no local registry at ${root}: make a package there with quilt3, or set QUILT_LOCAL_REGISTRY to a folder.`,
    })
    registryAt(root)
    expect(await find()).toEqual({
      registries: [{ name: 'local', root }],
      looked: 'QUILT_LOCAL_REGISTRY',
      explanation: `The local registry of quilt3 is ${root}.`,
    })
  })

  it('a folder without packages is none, but may become one', async () => {
    const { data, find } = home()
    mkdirSync(join(data, 'packages/lab/data'), { recursive: true })
    expect((await find()).registries).toEqual([])
    expect((await find({ mayBeNew: true })).registries).toEqual([{ name: 'local', root: join(data, 'packages') }])
  })

  it('the one that quilt3 is configured to is found', async () => {
    const elsewhere = realpathSync(testFolder())
    registryAt(elsewhere)
    const { find } = home(`default_local_registry: file://${elsewhere}\ndefault_registry_version: 1\n`)
    expect((await find()).registries).toEqual([{ name: 'local', root: elsewhere }])
  })

  it.each([
    ['default_registry_version: 2\n', /layout 2, and only layout 1 can be read: set default_registry_version to 1/],
    ['default_local_registry: s3://bucket\n', /^s3:\/\/bucket is a bucket, not the folder of a local registry\. /],
    ['- not\n- a map\n', /is not a map of settings\. Run quilt-mcp login/],
  ])('%j in config.yml is explained', async (config, explanation) => {
    const { data, find } = home(config)
    registryAt(join(data, 'packages'))
    expect(await find()).toEqual({
      registries: [],
      looked: 'QUILT_LOCAL_REGISTRY',
      explanation: expect.stringMatching(explanation),
    })
  })
})

describe('a registry that is named', () => {
  it('serves by path, URL or ~, also before it exists; nothing else is looked at then', async () => {
    const { homeDir, data, find } = home('broken: [')
    registryAt(join(data, 'packages'))
    for (const localRegistry of [join(homeDir, 'a b'), `file://${homeDir}/a%20b`, '~/a b']) {
      expect(await find({ localRegistry })).toEqual({
        registries: [{ name: 'local', root: join(homeDir, 'a b') }],
        looked: 'QUILT_LOCAL_REGISTRY',
        explanation: `Local registries are named: local (${homeDir}/a b).`,
      })
    }
  })

  it('is taken by its real path, as quilt3 writes it into manifests', async () => {
    const { homeDir, find } = home()
    mkdirSync(join(homeDir, 'real'))
    symlinkSync(join(homeDir, 'real'), join(homeDir, 'link'))
    expect((await find({ localRegistry: join(homeDir, 'link/new') })).registries).toEqual([
      { name: 'local', root: join(homeDir, 'real/new') },
    ])
  })

  it('and further ones have names of their own, each once', async () => {
    const { homeDir, find } = home()
    const folders = ['one', 'x/data set', 'y/data set', 'local', '+', 'one'].map(
      (name) => `file://${homeDir}/${encodeURI(name)}`,
    )
    const { registries, looked } = await find({ folders })
    expect(looked).toBe('QUILT_REGISTRIES')
    expect(registries.map(({ name, root }) => [name, root.slice(homeDir.length + 1)])).toEqual([
      ['local', 'one'],
      ['data-set', 'x/data set'],
      ['data-set-2', 'y/data set'],
      ['local-2', 'local'],
      ['local-3', '+'],
    ])
  })

  it('must not be a file', async () => {
    const { homeDir, find } = home()
    writeFileSync(join(homeDir, 'file'), '')
    expect((await refusalOf(find({ localRegistry: join(homeDir, 'file') }))).code).toBe('invalid_input')
    expect((await refusalOf(find({ localRegistry: join(homeDir, 'file/below') }))).code).toBe('invalid_input')
  })
})
