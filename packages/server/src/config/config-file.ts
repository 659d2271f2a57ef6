// The file with settings: found, read and turned into what flags and variables give, so that one schema checks all three.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Surroundings } from '@quilt-mcp/backends'
import { nearNames, QuiltError } from '@quilt-mcp/core'
import { type GivenValue, type SettingName, settings } from './schema.js'
import { configFolder } from './user-folders.js'

/** A file of settings as it was read. */
export interface ConfigFile {
  readonly path: string
  readonly values: ReadonlyMap<SettingName, GivenValue>
  /** Whether others on this machine may read it. */
  readonly readableByOthers: boolean
}

const names = ['config.yaml', 'config.yml', 'config.json']

/** Reads the file that is named, or the first that there is in this user's folder of settings; undefined when there is none.
 * Its keys are the flags without dashes: `catalog-url`; `catalog_url` and `catalogUrl` are understood.
 * @throws {QuiltError} `invalid_input` when it cannot be read or is not a map of settings */
export async function readConfigFile(
  named: string | undefined,
  surroundings: Surroundings,
): Promise<ConfigFile | undefined> {
  if (named !== undefined) {
    const file = await readIfThere(named, surroundings)
    if (file !== undefined) return file
    throw new QuiltError('invalid_input', `there is no file ${named}`, {
      hint: 'Correct --config (QUILT_MCP_CONFIG), or leave it out.',
    })
  }
  const folder = configFolder(surroundings)
  for (const name of names) {
    const file = await readIfThere(join(folder, name), surroundings)
    if (file !== undefined) return file
  }
  return undefined
}

async function readIfThere(path: string, { platform }: Surroundings): Promise<ConfigFile | undefined> {
  const text = await textOf(path)
  if (text === undefined) return undefined
  // Loaded only where there is a file: a start without one is answered without a YAML parser.
  const { parseConfigText } = await import('./config-text.js')
  const values = new Map<SettingName, GivenValue>()
  for (const [key, value] of parseConfigText(text, path)) values.set(settingNamed(key, path), value)
  const readableByOthers = platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0
  return { path, values, readableByOthers }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
      throw new QuiltError('invalid_input', `${path} cannot be read (${String(cause.code)})`, {
        hint: 'Correct its permissions, or name another file with --config (QUILT_MCP_CONFIG).',
        cause,
      })
    }
    throw cause
  }
}

function settingNamed(key: string, path: string): SettingName {
  const wanted = key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
  const inFiles = settings.filter(({ name }) => name !== 'configFile')
  const setting = inFiles.find(({ flag, name }) => flag === `--${wanted}` || name === key)
  if (setting !== undefined) return setting.name
  const known = inFiles.map(({ flag }) => flag.slice(2))
  const [near] = nearNames(wanted, known, 1)
  throw new QuiltError('invalid_input', `${path}: there is no setting ${JSON.stringify(key.slice(0, 100))}`, {
    hint: near === undefined ? `Settings: ${known.join(', ')}.` : `Did you mean ${near}?`,
  })
}
