// The revisions that are pushed and cut off, and what is in them.
import { fileContent, type PackageRef, type PlannedEntry, type PushPlan } from '@quilt-mcp/backends'

/** A package in which one push is cut off, and the files that it is made of. */
export interface CrashedPackage extends PackageRef {
  /** Number of the point: no two packages have a file, or a revision, in common. */
  readonly round: number
  /** A file of this machine of `largeBytes`. */
  readonly largeFile: string
  /** Whether a file of the old revision is written again: not where there are no versions (docs/reference/backends.md, local). */
  readonly replaces: boolean
}

/** Three parts of an upload. */
export const largeBytes = 17 * 1024 * 1024
const copies = 3
const smalls = 6

const bytes = (text: string) => new TextEncoder().encode(text)

/** Objects of the bucket that the push copies into the package. */
export const sources = Array.from({ length: copies }, (_, index) => ({
  key: `sources/${index}.txt`,
  body: bytes(`source ${index}\n`),
}))

/** What a file of the package holds in the first revision, by logical key. */
const kept = ({ round }: CrashedPackage) => new Map([['kept.txt', bytes(`kept ${round}\n`)]])
const before = (crashed: CrashedPackage) =>
  new Map([...kept(crashed), ...(crashed.replaces ? [['again.txt', bytes(`before ${crashed.round}\n`)] as const] : [])])

export const firstMessage = ({ round }: CrashedPackage): string => `first ${round}`
export const secondMessage = ({ round }: CrashedPackage): string => `second ${round}`

/** The revision that is there before. */
export function firstPlan(crashed: CrashedPackage): PushPlan {
  const { bucket, name } = crashed
  const entries = [...before(crashed)].map(([logicalKey, content]) => ({ logicalKey, content }))
  return { bucket, name, base: null, message: firstMessage(crashed), entries }
}

/** The revision that is being made: uploads in one request and in parts, copies, and what was there already.
 * @param keptEntries those of the first revision that stay */
export async function secondPlan(
  crashed: CrashedPackage,
  { base, keptEntries }: { readonly base: string; readonly keptEntries: readonly PlannedEntry[] },
): Promise<PushPlan> {
  const { bucket, name, round, replaces, largeFile } = crashed
  const entries: PlannedEntry[] = [
    ...keptEntries,
    { logicalKey: 'large.bin', content: await fileContent(largeFile) },
    ...sources.map(({ key }) => ({ logicalKey: `copied/${key}`, physicalKey: `s3://${bucket}/${key}` })),
    ...smallFiles(crashed).map(([logicalKey, content]) => ({ logicalKey, content })),
    ...(replaces ? [{ logicalKey: 'again.txt', content: bytes(`after ${round}\n`) }] : []),
  ]
  return { bucket, name, base, message: secondMessage(crashed), entries, copy: 'all' }
}

/** One more, of a single file. */
export function thirdPlan({ bucket, name, round }: CrashedPackage): PushPlan {
  const entries = [{ logicalKey: 'third.txt', content: bytes(`third ${round}\n`) }]
  return { bucket, name, message: `third ${round}`, entries }
}

const smallFiles = ({ round }: CrashedPackage) =>
  Array.from({ length: smalls }, (_, index) => [`small/${index}.txt`, bytes(`small ${index} of ${round}\n`)] as const)

/** Bytes of each file by logical key, as the first and the second revision hold them. @param large of the large file */
export function contents(crashed: CrashedPackage, large: Uint8Array): readonly ReadonlyMap<string, Uint8Array>[] {
  return [
    before(crashed),
    new Map([
      ...kept(crashed),
      ['large.bin', large],
      ...sources.map(({ key, body }) => [`copied/${key}`, body] as const),
      ...smallFiles(crashed),
      ...(crashed.replaces ? [['again.txt', bytes(`after ${crashed.round}\n`)] as const] : []),
    ]),
  ]
}
