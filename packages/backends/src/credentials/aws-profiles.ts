// The files in which AWS tools keep profiles: `~/.aws/config` and `~/.aws/credentials`, or those that the environment names.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'

/** Where the settings of AWS are: nothing is read from this process by itself. */
export interface AwsPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
}

/** Settings of one section, names in lower case. Those below another setting have its name in front: `s3.endpoint_url`. */
export type AwsSettings = Readonly<Record<string, string>>

export interface AwsProfiles {
  /** By name. What both files say of a profile, the credentials file counting more. */
  readonly profiles: ReadonlyMap<string, AwsSettings>
  /** The sections `[services name]`. */
  readonly services: ReadonlyMap<string, AwsSettings>
}

/** Paths of the two files. */
export function awsFiles({ env, homeDir }: AwsPlace): { readonly config: string; readonly credentials: string } {
  return {
    config: env.AWS_CONFIG_FILE || join(homeDir, '.aws', 'config'),
    credentials: env.AWS_SHARED_CREDENTIALS_FILE || join(homeDir, '.aws', 'credentials'),
  }
}

/** Reads both files; one that is missing is empty.
 * @throws {QuiltError} `unauthenticated` when one is there and cannot be read */
export async function readAwsProfiles(place: AwsPlace): Promise<AwsProfiles> {
  const files = awsFiles(place)
  const [config, credentials] = await Promise.all([textOf(files.config), textOf(files.credentials)])
  const profiles = new Map<string, AwsSettings>()
  const services = new Map<string, AwsSettings>()
  for (const [title, settings] of sectionsOf(config)) {
    const [kind = '', name = ''] = title.split(/\s+/)
    if (title === 'default') profiles.set('default', settings)
    else if (kind === 'profile' && name !== '') profiles.set(unquoted(name), settings)
    else if (kind === 'services' && name !== '') services.set(unquoted(name), settings)
  }
  for (const [name, settings] of sectionsOf(credentials)) profiles.set(name, { ...profiles.get(name), ...settings })
  return { profiles, services }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (code === 'ENOENT' || code === 'ENOTDIR') return ''
    throw new QuiltError('unauthenticated', `The AWS settings in ${path} cannot be read (${code})`, {
      hint: 'Give this user the right to read the file, or set QUILT_BACKEND to another backend.',
      cause,
    })
  }
}

function sectionsOf(text: string): ReadonlyMap<string, AwsSettings> {
  const sections = new Map<string, Record<string, string>>()
  let section: Record<string, string> | undefined
  let above = ''
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const title = /^\s*\[([^\]]*)\]/.exec(line)?.[1]
    if (title !== undefined) {
      section = sections.get(title.trim()) ?? {}
      sections.set(title.trim(), section)
      above = ''
      continue
    }
    const [, indent = '', name = '', value = ''] = /^(\s*)([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (section === undefined || name === '') continue
    const below = indent !== '' && above !== ''
    if (!below) above = value === '' ? name.toLowerCase() : ''
    section[`${below ? `${above}.` : ''}${name.toLowerCase()}`] = value.replace(/\s[#;].*$/, '').trimEnd()
  }
  return sections
}

const unquoted = (name: string): string => name.replace(/^(["'])(.*)\1$/, '$2')
