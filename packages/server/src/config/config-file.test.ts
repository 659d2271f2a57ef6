import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfigFile } from './config-file.js'
import { loadConfig } from './load.js'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'quilt-mcp-config-'))
})
afterEach(() => rm(home, { recursive: true }))

const written = async (name: string, text: string): Promise<string> => {
  const folder = join(home, '.config', 'quilt-mcp')
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  await writeFile(path, text, { mode: 0o600 })
  return path
}
const read = (named?: string) => readConfigFile(named, { env: {}, homeDir: home, platform: 'linux' })
const config = async () => loadConfig({}, {}, await read())

describe('the file of settings', () => {
  it('need not be there', async () => {
    expect(await read()).toBeUndefined()
  })

  it('is YAML: the flags without dashes, with texts, numbers, switches and lists', async () => {
    await written(
      'config.yaml',
      '# mine\ncatalog-url: https://catalog.example.com\nport: 9000\nread-only: true\nregistry: [s3://lab-a, s3://lab-b]\nbackend:\n',
    )
    expect(await config()).toMatchObject({
      catalogUrl: 'https://catalog.example.com',
      port: 9000,
      readOnly: true,
      registries: ['s3://lab-a', 's3://lab-b'],
      backend: 'auto',
    })
  })

  it('may be JSON, and write a name as JSON or the environment would', async () => {
    await written('config.json', '{"catalogUrl": "https://catalog.example.com", "read_only": "yes", "port": 9000}')
    expect(await config()).toMatchObject({ catalogUrl: 'https://catalog.example.com', readOnly: true, port: 9000 })
  })

  it('may be empty', async () => {
    await written('config.yml', '')
    expect((await read())?.values.size).toBe(0)
  })

  it('is found where the user keeps settings on each platform, or where it is named', async () => {
    const elsewhere = join(home, 'mine.yaml')
    await writeFile(elsewhere, 'port: 1')
    expect((await read(elsewhere))?.values).toEqual(new Map([['port', '1']]))
    const folder = join(home, 'Library', 'Application Support', 'quilt-mcp')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'config.yaml'), 'port: 2')
    const mac = await readConfigFile(undefined, { env: {}, homeDir: home, platform: 'darwin' })
    expect(mac?.path).toBe(join(folder, 'config.yaml'))
    const xdg = await readConfigFile(undefined, {
      env: { XDG_CONFIG_HOME: join(home, 'Library', 'Application Support') },
      homeDir: '/nowhere',
      platform: 'linux',
    })
    expect(xdg?.path).toBe(join(folder, 'config.yaml'))
  })

  it('says whether others may read it', async () => {
    const path = await written('config.yaml', 'port: 1')
    expect((await read())?.readableByOthers).toBe(false)
    await chmod(path, 0o644)
    expect((await read())?.readableByOthers).toBe(true)
  })

  it.each([
    ['catalogg-url: x', 'there is no setting "catalogg-url"', 'Did you mean catalog-url?'],
    ['include: x', 'there is no setting "include"', expect.stringMatching(/^Settings: deployment, backend/)],
    ['[1, 2]', 'is not a map of settings', expect.stringContaining('catalog-url: ')],
    ['port: {a: 1}', 'port is neither text nor number nor switch', 'Give one value, or a list of values.'],
    ['port: [', 'is not YAML', 'Correct the YAML there.'],
  ])('is refused with its path when it is wrong: %s', async (text, message, hint) => {
    const path = await written('config.yaml', text)
    await expect(read()).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(new RegExp(`^${path}.* ?${message}`)),
      hint,
    })
  })

  it('must be there when it is named', async () => {
    await expect(read(join(home, 'none.yaml'))).rejects.toMatchObject({
      message: `there is no file ${join(home, 'none.yaml')}`,
      hint: 'Correct --config (QUILT_MCP_CONFIG), or leave it out.',
    })
  })
})
