// From the path that a call gives to the absolute path it means. Nothing is looked at.
import { posix, win32 } from 'node:path'
import { parsePhysicalKey, QuiltError } from '@quilt-mcp/core'

/** What a path counts from. */
export interface PathOrigin {
  readonly homeDir: string
  readonly workingDir: string
  readonly platform: NodeJS.Platform
}

/** The rules for paths of a platform. */
export const pathsOf = (platform: NodeJS.Platform): typeof posix => (platform === 'win32' ? win32 : posix)

/** The absolute path that is meant by a path, by `~/...` or by a `file://` URL; `..` and doubled separators are resolved.
 * @throws {QuiltError} `invalid_input` when it cannot be the path of a file */
export function absolutePath(text: string, { homeDir, workingDir, platform }: PathOrigin): string {
  const paths = pathsOf(platform)
  if (text === '' || text.includes('\0')) throw noPath(text, 'no file can be called so')
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    const place = /^file:/i.test(text) ? parsePhysicalKey(text) : undefined
    if (place?.kind !== 'file') throw noPath(text, 'it is a URI')
    return absolutePath(place.path, { homeDir, workingDir, platform })
  }
  if (/^~[^/\\]/.test(text)) throw noPath(text, 'only ~ for the own home folder is understood')
  if (platform === 'win32') checkWindowsPath(text)
  if (text.startsWith('~')) return paths.resolve(homeDir, `.${text.slice(1)}`)
  return paths.resolve(workingDir, text)
}

/** `\\.\` and `\\?\` name devices, `a.txt:b` a hidden stream of a file, `C:a` a place that depends on who asks. */
function checkWindowsPath(text: string): void {
  if (/^[\\/]{2}[.?]/.test(text)) throw noPath(text, 'it names a device')
  if (/^[a-z]:(?![\\/])/i.test(text)) throw noPath(text, 'a drive needs a backslash after it')
  if (text.replace(/^[a-z]:/i, '').includes(':')) throw noPath(text, 'it has a colon within')
}

const noPath = (text: string, reason: string): QuiltError =>
  new QuiltError('invalid_input', `${JSON.stringify(text.slice(0, 200))} is no path of a file here: ${reason}`, {
    hint: 'Pass the absolute path of a file or folder of this machine, or one that begins with ~/; pass s3:// and quilt+s3:// as uri.',
  })

/** The parts of a path below a folder, none for the folder itself; undefined when it lies elsewhere. */
export function partsBelow(folder: string, path: string, platform: NodeJS.Platform): readonly string[] | undefined {
  const paths = pathsOf(platform)
  const below = paths.relative(folder, path)
  if (below === '') return []
  const parts = below.split(paths.sep)
  return parts[0] === '..' || paths.isAbsolute(below) ? undefined : parts
}
