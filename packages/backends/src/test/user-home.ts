// A user's home folder, with the files that quilt3 would keep in it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Surroundings } from '../surroundings.js'

export interface UserHome extends Surroundings {
  /** quilt3's data folder. */
  readonly folder: string
  /** Puts a file there: text as it is, anything else as JSON. */
  put(name: string, content: unknown): void
  text(name: string): string
  json(name: string): unknown
  /** Permissions of a file: `600`. */
  mode(name: string): string
  /** Names of the files there. */
  files(): readonly string[]
}

/** An empty home; it goes with the test. */
export function userHome(): UserHome {
  const homeDir = mkdtempSync(join(tmpdir(), 'quilt-home-'))
  onTestFinished(() => rmSync(homeDir, { recursive: true, force: true }))
  const folder = join(homeDir, '.local', 'share', 'Quilt')
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  return {
    env: {},
    homeDir,
    platform: 'linux',
    folder,
    put(name, content) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    },
    text,
    json: (name) => JSON.parse(text(name)),
    mode: (name) => (statSync(join(folder, name)).mode & 0o777).toString(8),
    files: () => readdirSync(folder).toSorted(),
  }
}

/** An entry of `auth.json`. */
export const signIn = (name: string, { expiresInSeconds = 3600 } = {}) => ({
  refresh_token: `refresh-${name}`,
  access_token: `access-${name}`,
  expires_at: Math.floor(Date.now() / 1000) + expiresInSeconds,
})
