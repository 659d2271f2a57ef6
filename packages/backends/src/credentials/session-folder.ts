// Which of the folders that may be quilt3's is.
import { join } from 'node:path'
import { quilt3DataFolders } from '../quilt3-folders.js'
import type { Surroundings } from '../surroundings.js'
import { readTextFile } from './private-file.js'

/** The first folder with anything of a sign-in in it, else the one that would be written to. */
export async function quilt3DataFolder(surroundings: Surroundings): Promise<string> {
  const [first, ...more] = quilt3DataFolders(surroundings)
  const last = more.at(-1) ?? first
  for (const folder of [first, ...more].slice(0, -1)) {
    for (const name of ['auth.json', 'config.yml']) {
      if ((await readTextFile(join(folder, name))) !== undefined) return folder
    }
  }
  return last
}
