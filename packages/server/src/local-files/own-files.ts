// The files of the user of this machine, as the settings open them.
import { posix, win32 } from 'node:path'
import type { Surroundings } from '@quilt-mcp/backends'
import type { Config } from '../config/schema.js'
import { cacheFolder, configFolder, dataFolder } from '../config/user-folders.js'
import { type LocalFileAccess, localFileAccess } from './local-file-access.js'

/** Undefined when the settings open no folder. */
export function ownFiles(
  { localFiles: folders, configFile }: Pick<Config, 'localFiles' | 'configFile'>,
  { workingDir, ...surroundings }: Surroundings & { readonly workingDir: string },
): LocalFileAccess | undefined {
  if (folders.includes('none')) return undefined
  return localFileAccess({
    origin: { ...surroundings, workingDir },
    ...(folders.length > 0 && { folders }),
    closed: closedPlaces(surroundings, configFile),
  })
}

/** Credentials and settings, ours and those of the ways to sign in; where a platform keeps those of all programs; and the kernel's
 * folders, whose files are not what they seem. */
function closedPlaces(surroundings: Surroundings, configFile: string | undefined): readonly string[] {
  const { env, homeDir, platform } = surroundings
  const { resolve } = platform === 'win32' ? win32 : posix
  const named = [
    configFile,
    env.QUILT_MCP_CONFIG,
    env.AWS_SHARED_CREDENTIALS_FILE,
    env.AWS_CONFIG_FILE,
    env.AWS_WEB_IDENTITY_TOKEN_FILE,
    env.GOOGLE_APPLICATION_CREDENTIALS,
    env.KUBECONFIG,
  ].flatMap((path) => (path === undefined || path === '' ? [] : [resolve(path)]))
  const own = [configFolder, dataFolder, cacheFolder].map((folderOf) => folderOf(surroundings))
  if (platform === 'win32') {
    const data = [env.APPDATA, env.LOCALAPPDATA].flatMap((path) => (path ? [path] : []))
    return [...named, ...own, ...data, win32.join(homeDir, 'AppData')]
  }
  const quilt3 = env.XDG_DATA_HOME ? [posix.join(env.XDG_DATA_HOME, 'Quilt')] : []
  const library = platform === 'darwin' ? [posix.join(homeDir, 'Library')] : []
  return [...named, ...own, ...quilt3, ...library, '/proc', '/sys', '/dev']
}
