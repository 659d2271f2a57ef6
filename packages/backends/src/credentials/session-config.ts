// quilt3's `config.yml` (formats.md 5.2): which stack a user works with. Read as it is; written by a login that names a catalog.
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseYaml, QuiltError, toPlain } from '@quilt-mcp/core'
import { z } from 'zod'
import { urlOfPath } from '../objects/file-address.js'
import type { CatalogConfig } from '../registry-api/rest.js'
import { readTextFile, replaceFile } from './private-file.js'

/** What the file says, as far as we use it. */
export interface Quilt3Config {
  readonly registryUrl?: string
  /** Of the web catalog, without trailing slash. */
  readonly catalogUrl?: string
  readonly region?: string
  /** `file://` URL. */
  readonly defaultLocalRegistry?: string
  readonly layoutVersion?: number
}

const text = z.string().min(1).optional().catch(undefined)
const fileSchema = z
  .object({
    registryUrl: text,
    navigator_url: text,
    region: text,
    default_local_registry: text,
    default_registry_version: z.number().optional().catch(undefined),
  })
  .transform((file): Quilt3Config => {
    const { registryUrl, navigator_url, region, default_local_registry, default_registry_version } = file
    return {
      ...(registryUrl === undefined ? {} : { registryUrl }),
      ...(navigator_url === undefined ? {} : { catalogUrl: navigator_url.replace(/\/+$/, '') }),
      ...(region === undefined ? {} : { region }),
      ...(default_local_registry === undefined ? {} : { defaultLocalRegistry: default_local_registry }),
      ...(default_registry_version === undefined ? {} : { layoutVersion: default_registry_version }),
    }
  })

/** Reads `config.yml` of a data folder; without one nothing is set.
 * @throws {QuiltError} `invalid_input` when it is not a YAML map; `unauthenticated` when it cannot be read */
export async function readQuilt3Config(folder: string): Promise<Quilt3Config> {
  return fileSchema.parse(await mapIn(pathIn(folder)))
}

/** Writes the stack of a catalog into `config.yml`, as `quilt3 config <catalog>` does: the previous file stays as
 * `config.yml.backup.<time>`, comments and keys that quilt3 does not know go. What concerns no stack keeps its value.
 * Only under the lock of the session's files.
 * @returns whether the file had to change */
export async function writeQuilt3Config(
  folder: string,
  stack: { readonly catalogUrl: string; readonly registryUrl: string; readonly config: CatalogConfig },
): Promise<boolean> {
  const path = pathIn(folder)
  const before = await readTextFile(path)
  const kept = await mapIn(path).catch((error: unknown): PlainMap => {
    // What is no YAML has nothing to keep; the backup has all of it.
    if (error instanceof QuiltError && error.code === 'invalid_input') return {}
    throw error
  })
  const { region, s3Proxy, apiGatewayEndpoint, binaryApiGatewayEndpoint } = stack.config
  const lines = Object.entries({
    apiGatewayEndpoint,
    binaryApiGatewayEndpoint,
    default_install_location: kept.default_install_location,
    default_local_registry: kept.default_local_registry ?? urlOfPath(join(folder, 'packages')),
    default_registry_version: kept.default_registry_version ?? 1,
    default_remote_registry: kept.default_remote_registry,
    navigator_url: stack.catalogUrl,
    region,
    registryUrl: stack.registryUrl,
    s3Proxy,
    telemetry_disabled: kept.telemetry_disabled ?? false,
  }).map(([key, value]) => `${key}: ${yamlOf(value)}\n`)
  if (before === lines.join('')) return false
  if (before !== undefined) await copyFile(path, `${path}.backup.${stampNow()}`)
  await replaceFile(path, lines.join(''), 0o644)
  return true
}

const pathIn = (folder: string): string => join(folder, 'config.yml')

type PlainMap = Readonly<Record<string, unknown>>
const mapSchema = z.record(z.string(), z.unknown()).nullable()

async function mapIn(path: string): Promise<PlainMap> {
  const content = await readTextFile(path)
  const map = mapSchema.safeParse(content?.trim() ? toPlain(parseYaml(content, path)) : null)
  if (map.success) return map.data ?? {}
  throw new QuiltError('invalid_input', `${path} is not a map of settings`, {
    hint: 'Run quilt-mcp login <catalog URL>: it keeps a backup and writes the file anew.',
  })
}

/** A text as PyYAML writes it where that is plain; anything else as JSON, which is YAML, too. */
function yamlOf(value: unknown): string {
  const plain =
    typeof value === 'string' &&
    /^[a-z][\w./:%~+@-]*[\w/]$/i.test(value) &&
    !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value)
  return plain ? value : JSON.stringify(value ?? null)
}

/** `20261121T121530.123000Z`. */
const stampNow = (): string => new Date().toISOString().replace(/[-:]/g, '').replace(/Z$/, '000Z')
