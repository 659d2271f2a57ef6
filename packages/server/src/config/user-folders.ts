// Where this user's files are by the customs of the platform.
import { posix, win32 } from 'node:path'
import type { Surroundings } from '@quilt-mcp/backends'

/** Folder of our settings: `~/.config/quilt-mcp`, `~/Library/Application Support/quilt-mcp`, `%APPDATA%\quilt-mcp`. */
export function configFolder({ env, homeDir, platform }: Surroundings): string {
  if (platform === 'win32') {
    return win32.join(env.APPDATA || win32.join(homeDir, 'AppData', 'Roaming'), 'quilt-mcp')
  }
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', 'quilt-mcp')
  return posix.join(absolute(env.XDG_CONFIG_HOME) ?? posix.join(homeDir, '.config'), 'quilt-mcp')
}

/** Folder of what we keep for this user: `~/.local/share/quilt-mcp`, `~/Library/Application Support/quilt-mcp`, `%LOCALAPPDATA%\quilt-mcp`. */
export function dataFolder({ env, homeDir, platform }: Surroundings): string {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(homeDir, 'AppData', 'Local'), 'quilt-mcp')
  }
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', 'quilt-mcp')
  return posix.join(absolute(env.XDG_DATA_HOME) ?? posix.join(homeDir, '.local', 'share'), 'quilt-mcp')
}

/** Folder of our caches: `~/.cache/quilt-mcp`, `~/Library/Caches/quilt-mcp`, `%LOCALAPPDATA%\quilt-mcp\Cache`. */
export function cacheFolder({ env, homeDir, platform }: Surroundings): string {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(homeDir, 'AppData', 'Local'), 'quilt-mcp', 'Cache')
  }
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Caches', 'quilt-mcp')
  return posix.join(absolute(env.XDG_CACHE_HOME) ?? posix.join(homeDir, '.cache'), 'quilt-mcp')
}

/** The XDG specification has relative paths ignored. */
const absolute = (path: string | undefined): string | undefined => (path?.startsWith('/') ? path : undefined)
