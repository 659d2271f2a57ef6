// The path in the package that a file of the prefix gets.
import { globMatcher, QuiltError } from '@quilt-mcp/core'
import { kindOf } from './file-kinds.js'

/** Files that match a glob go below a folder. */
export interface OrganizeRule {
  readonly match: string
  readonly to: string
}

export interface PathRules {
  /** `flatten`: the name of a file alone. */
  readonly keys: 'keep' | 'flatten'
  /** A folder that paths begin with, taken away. */
  readonly strip?: string | undefined
  /** `kind`: by the kind of a file into folders. Rules: the first that matches. */
  readonly organize?: 'kind' | readonly OrganizeRule[] | undefined
}

/** Makes the rule that gives a path below the prefix its path in the package: what is stripped goes first, then it is flattened, then
 * organised. README.md and quilt_summarize.json at the root stay there when files go to folders by their kind.
 * @throws {QuiltError} `invalid_input` for a rule that cannot be read */
export function pathRule({ keys, strip, organize }: PathRules): (path: string) => string {
  const stripped = strip === undefined || strip === '' ? '' : `${withoutSlashes(strip)}/`
  const folderOf = folderRule(organize)
  return (path) => {
    const below = stripped !== '' && path.startsWith(stripped) ? path.slice(stripped.length) : path
    const placed = keys === 'flatten' ? below.slice(below.lastIndexOf('/') + 1) : below
    // By the path as the caller sees it in the bucket.
    return `${folderOf(path, placed)}${placed}`
  }
}

function folderRule(organize: PathRules['organize']): (path: string, placed: string) => string {
  if (organize === undefined) return () => ''
  if (organize === 'kind') {
    return (path, placed) => {
      if (rootFiles.has(placed.toLowerCase())) return ''
      const kind = kindOf(path)
      // What lies in such a folder already stays where it is.
      return placed.startsWith(`${kind}/`) ? '' : `${kind}/`
    }
  }
  const rules = organize.map(({ match, to }) => {
    const folder = withoutSlashes(to)
    if (folder.split('/').some((part) => part === '.' || part === '..' || (part === '' && folder !== ''))) {
      throw new QuiltError('invalid_input', `${JSON.stringify(to)} is no folder of a package`, {
        hint: 'Write to: "raw/" or "" for the root.',
        details: { argument: 'organize' },
      })
    }
    return { matches: globMatcher(match), folder: folder === '' ? '' : `${folder}/` }
  })
  return (path, placed) => {
    const folder = rules.find(({ matches }) => matches(path))?.folder ?? ''
    return placed.startsWith(folder) ? '' : folder
  }
}

/** Files that say something of the directory they are in. */
const rootFiles: ReadonlySet<string> = new Set(['readme.md', 'quilt_summarize.json', 'agents.md'])

const withoutSlashes = (folder: string): string => folder.replace(/^\/+|\/+$/g, '')
