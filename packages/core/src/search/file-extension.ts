// The extension of a file, as `ext` asks for it.
import { foldText } from './words.js'

/** What stands behind the last dot of a key's last part, in lower case and without the dot. Undefined: none, as of `README` and
 * `.gitignore`; or it is longer than 20 characters or has blanks, and so is no extension. */
export function fileExtension(key: string): string | undefined {
  const name = fileName(key)
  const dot = name.lastIndexOf('.')
  if (dot < 1) return undefined
  const extension = foldText(name.slice(dot + 1))
  return extension === '' || extension.length > 20 || /\s/.test(extension) ? undefined : extension
}

/** The last part of a key. */
export const fileName = (key: string): string => key.slice(key.lastIndexOf('/') + 1)
