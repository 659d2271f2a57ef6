// Where this user's caches are, and what the setting says of it.
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The machine, as far as it decides where caches go. */
export interface CacheFolderFacts {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly home: string
}

/** The folder of our caches by the custom of the platform: XDG on Linux and the like, ~/Library/Caches on macOS, %LOCALAPPDATA% on Windows. */
export function cacheFolderOf({ platform, env, home }: CacheFolderFacts): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'quilt-mcp')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'quilt-mcp')
  const chosen = env.XDG_CACHE_HOME ?? ''
  // The XDG specification has relative paths ignored.
  return join(chosen.startsWith('/') ? chosen : join(home, '.cache'), 'quilt-mcp')
}

/** {@link cacheFolderOf} the user of this process. */
export const ownCacheFolder = (): string =>
  cacheFolderOf({ platform: process.platform, env: process.env, home: homedir() })

/** The folder that the setting names. Undefined for `none`, or when nothing is set: memory only. */
export const chosenCacheFolder = (cacheDir: string | undefined): string | undefined =>
  cacheDir === 'none' ? undefined : cacheDir
