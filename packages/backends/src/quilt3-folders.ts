// Where quilt3 keeps a user's files: sign-in, settings, local registry (formats.md 5.1, the rules of platformdirs).
import { posix, win32 } from 'node:path'
import type { Surroundings } from './surroundings.js'

/** Folders that may be quilt3's data folder: look in this order, and write to the last when there is nothing in any.
 * On macOS newer releases of platformdirs honour `XDG_DATA_HOME`, older ones do not. */
export function quilt3DataFolders({ env, homeDir, platform }: Surroundings): readonly [string, ...string[]] {
  if (platform === 'win32') {
    return [win32.join(set(env.LOCALAPPDATA) ?? win32.join(homeDir, 'AppData', 'Local'), 'QuiltData', 'Quilt')]
  }
  const named = set(env.XDG_DATA_HOME)
  if (platform !== 'darwin') return [posix.join(named ?? posix.join(homeDir, '.local', 'share'), 'Quilt')]
  const usual = posix.join(homeDir, 'Library', 'Application Support', 'Quilt')
  return named === undefined ? [usual] : [posix.join(named, 'Quilt'), usual]
}

const set = (value: string | undefined): string | undefined => (value?.trim() ? value : undefined)
