// One look at all files of the plan, in tree order: what there is, where it comes to lie, and whether two want the same place.
import { formatPhysicalKey, partSizeBytes, QuiltError } from '@quilt-mcp/core'
import { endingOf, type FileKind, fileKinds, kindOf } from './file-kinds.js'
import type { PlannedFile } from './planned-file.js'

export interface Amount {
  readonly files: number
  /** Bytes. */
  readonly bytes: number
}

export interface FolderAmount extends Amount {
  /** Ends in `/`; empty for the files of the root. */
  readonly path: string
}

/** What a survey found. */
export interface Survey {
  readonly total: Amount
  /** Folders of the root in tree order, the first of them; and how many there are. */
  readonly folders: readonly FolderAmount[]
  readonly folderCount: number
  /** Files whose path is not the one they have below the prefix: the first, and how many. */
  readonly moves: readonly { readonly from: string; readonly to: string }[]
  readonly moved: number
  readonly kinds: ReadonlyMap<FileKind, Amount>
  /** Files by ending. */
  readonly endings: ReadonlyMap<string, number>
  /** By what name the root has a README.md or quilt_summarize.json, in any case. */
  readonly readme?: string
  readonly summarize?: string
  /** The first files that a catalog shows well, by ending. */
  readonly worthShowing: ReadonlyMap<string, readonly string[]>
  /** Files of which an earlier try left version and hash. */
  readonly known: Amount
  /** Parts of 8 MiB and more that the others are read in, should S3 know no checksum of them. */
  readonly parts: number
}

export interface Surveyor {
  look(file: PlannedFile): void
  /** @throws {QuiltError} `invalid_input` with all files that want a place that another has */
  survey(): Survey
}

const mostFolders = 30
const mostMoves = 10
const mostClashes = 50
const mostSources = 5
const mostEndings = 200
const mostOfEnding = 4
const shownEndings: ReadonlySet<string> = new Set([
  'html',
  'ipynb',
  'png',
  'jpg',
  'jpeg',
  'svg',
  'gif',
  'webp',
  'csv',
  'tsv',
  'parquet',
  'pdf',
  'md',
])

interface Counted {
  files: number
  bytes: number
}

const add = (amount: Counted, { size }: PlannedFile): void => {
  amount.files += 1
  amount.bytes += size
}

/** Makes a surveyor. @param source where the files lie: bucket, and the prefix that their paths leave out */
export function createSurveyor(source: { readonly bucket: string; readonly prefix: string }): Surveyor {
  const total: Counted = { files: 0, bytes: 0 }
  const known: Counted = { files: 0, bytes: 0 }
  const kinds = new Map<FileKind, Counted>(fileKinds.map((kind) => [kind, { files: 0, bytes: 0 }]))
  const endings = new Map<string, number>()
  const folders: (FolderAmount & Counted)[] = []
  const root = { path: '', files: 0, bytes: 0 }
  const moves: { from: string; to: string }[] = []
  const worthShowing = new Map<string, string[]>()
  const clashes = createClashes(source.bucket)
  let folder: (FolderAmount & Counted) | undefined
  let folderCount = 0
  let moved = 0
  let parts = 0
  const atRoot: { readme?: string; summarize?: string } = {}

  const lookAtPlace = (file: PlannedFile): void => {
    const slash = file.logicalKey.indexOf('/')
    const first = slash === -1 ? file.logicalKey : file.logicalKey.slice(0, slash)
    if (first.toLowerCase() === 'readme.md') atRoot.readme = first
    if (first.toLowerCase() === 'quilt_summarize.json') atRoot.summarize = first
    // In tree order the files of a folder follow each other.
    if (slash === -1) add(root, file)
    else add(folderOf(`${first}/`), file)
  }
  const folderOf = (path: string): Counted => {
    if (folder?.path !== path) {
      folder = { path, files: 0, bytes: 0 }
      folderCount += 1
      if (folders.length < mostFolders) folders.push(folder)
    }
    return folder
  }
  const lookAtEnding = (file: PlannedFile): void => {
    const ending = endingOf(file.logicalKey)
    if (endings.has(ending) || endings.size < mostEndings) endings.set(ending, (endings.get(ending) ?? 0) + 1)
    if (!shownEndings.has(ending)) return
    const shown = worthShowing.get(ending) ?? []
    if (shown.length < mostOfEnding) shown.push(file.logicalKey)
    worthShowing.set(ending, shown)
  }
  return {
    look(file) {
      clashes.look(file)
      add(total, file)
      add(kinds.get(kindOf(file.logicalKey)) ?? total, file)
      lookAtPlace(file)
      lookAtEnding(file)
      if (file.known !== undefined) add(known, file)
      else parts += Math.ceil(file.size / partSizeBytes(file.size))
      const from = file.key.slice(source.prefix.length)
      if (from === file.logicalKey) return
      moved += 1
      if (moves.length < mostMoves) moves.push({ from, to: file.logicalKey })
    },
    survey() {
      clashes.throwIfAny()
      const filled = [...kinds].filter(([, { files }]) => files > 0)
      return {
        total,
        folders: root.files > 0 ? [root, ...folders] : folders,
        folderCount,
        moves,
        moved,
        kinds: new Map(filled),
        endings,
        ...atRoot,
        worthShowing,
        known,
        parts,
      }
    },
  }
}

interface Clash {
  readonly path: string
  readonly sources: string[]
  count: number
}

/** Files that would have the path of another, or lie under a path that is a file (formats.md 1.10). */
function createClashes(bucket: string) {
  const found: Clash[] = []
  let more = 0
  let last: PlannedFile | undefined
  let clash: Clash | undefined
  const sourceOf = ({ key }: PlannedFile): string => formatPhysicalKey({ kind: 's3', bucket, key })
  return {
    look(file: PlannedFile): void {
      const isSame = last?.logicalKey === file.logicalKey
      // In tree order all that lies under a path follows it at once.
      const isUnder = last !== undefined && file.logicalKey.startsWith(`${last.logicalKey}/`)
      if (last === undefined || !(isSame || isUnder)) {
        last = file
        clash = undefined
        return
      }
      if (clash === undefined) {
        clash = { path: last.logicalKey, sources: [sourceOf(last)], count: 1 }
        if (found.length < mostClashes) found.push(clash)
        else more += 1
      }
      clash.count += 1
      if (clash.sources.length < mostSources) clash.sources.push(sourceOf(file))
    },
    throwIfAny(): void {
      if (found.length === 0) return
      const texts = found.slice(0, 5).map(({ path, sources, count }) => `${path} (${count}: ${sources.join(', ')})`)
      const count = found.length + more
      throw new QuiltError(
        'invalid_input',
        `nothing was written. ${count} paths are wanted by several files: ${texts.join('; ')}`,
        {
          hint: 'Use keys: "keep", other organize rules, or exclude all but one of each.',
          details: {
            collisions: found.map(({ path, sources, count: files }) => ({ path, sources, files })),
            ...(more > 0 && { more }),
          },
        },
      )
    },
  }
}
