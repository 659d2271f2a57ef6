// Uploads in parts that have begun and not ended, noted on disk: S3 keeps the parts of one that broke off, and bills them, until somebody
// who knows of it goes on with it or takes it back.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../credentials/private-file.js'
import { isDead, thisProcess } from '../packages/stores/file-store-lock.js'
import { unlessAbsent } from './file-address.js'

/** One upload. Holds no secret: an upload id is of no use without credentials. */
export type UploadRecord = z.infer<typeof uploadRecord>

const uploadRecord = z.object({
  bucket: z.string(),
  key: z.string(),
  /** Absent: the process died before it knew whether S3 had begun it. */
  uploadId: z.string().exactOptional(),
  /** Of the content and what goes along with it. Absent: it cannot be continued. */
  content: z.string().exactOptional(),
  /** Milliseconds since 1970. */
  startedMs: z.number(),
})

/** A note of an upload of this process. */
export interface KeptUpload {
  /** Notes the id that S3 gave. */
  began(uploadId: string): Promise<void>
  /** Removes it: S3 has completed or aborted the upload. */
  forget(): Promise<void>
}

/** An upload whose process has died. */
export interface LeftUpload {
  readonly record: UploadRecord
  /** Makes it this process's own. Undefined: another process was faster. */
  claim(): Promise<KeptUpload | undefined>
}

/**
 * The notes of one user of this machine. A server for many has none: it reads no files of theirs that it could continue, and what it keeps
 * on disk would outlive their tokens.
 */
export interface UnfinishedUploads {
  /** @param place which S3 and bucket */
  keep(place: UploadPlace, record: UploadRecord): Promise<KeptUpload>
  left(place: UploadPlace): Promise<readonly LeftUpload[]>
  /** Told what went wrong with the notes, or with taking back an old upload: that fails no new one. */
  onProblem(error: unknown): void
}

export interface UploadPlace {
  /** Address of the S3. Undefined: Amazon's. */
  readonly endpoint: string | undefined
  readonly bucket: string
}

export interface UnfinishedUploadsOptions {
  /** Is made when it is needed. */
  readonly folder: string
  readonly onProblem?: ((error: unknown) => void) | undefined
}

/** Of a machine that nothing is known of, or of a process number that is in use again. */
const longestAliveMs = 7 * 86_400_000

/** Makes the notes. Nothing is read or written before the first upload in parts. */
export function createUnfinishedUploads({ folder, onProblem = () => {} }: UnfinishedUploadsOptions): UnfinishedUploads {
  const own = new Set<string>()
  const ownName = () => `${randomUUID()}@${thisProcess()}.json`
  const write = (path: string, record: UploadRecord): Promise<void> =>
    replaceFile(path, JSON.stringify(record), 0o600).catch(onProblem)
  const keptAt = (directory: string, name: string, record: UploadRecord): KeptUpload => ({
    began: (uploadId) => write(join(directory, name), { ...record, uploadId }),
    async forget() {
      own.delete(name)
      await rm(join(directory, name), { force: true }).catch(onProblem)
    },
  })

  const leftIn = async (directory: string, name: string): Promise<LeftUpload | undefined> => {
    const [, owner, torso] = /^[\w-]+@([\w-]+)\.json(\.new)?$/.exec(name) ?? []
    if (owner === undefined || own.has(name)) return undefined
    if (torso !== undefined) {
      // Of a process that was killed while it wrote a note: what was noted before is beside it.
      if (isDead(owner)) await rm(join(directory, name), { force: true })
      return undefined
    }
    const text = await unlessAbsent(readFile(join(directory, name), 'utf8'))
    const record = text === undefined ? undefined : recordOf(text)
    if (record === undefined || !isLeft(owner, record)) return undefined
    return {
      record,
      async claim() {
        const claimed = ownName()
        own.add(claimed)
        // The owner is in the name: of several who want it, one gets it.
        const moved = await unlessAbsent(rename(join(directory, name), join(directory, claimed)).then(() => true))
        if (moved) return keptAt(directory, claimed, record)
        own.delete(claimed)
        return undefined
      },
    }
  }

  return {
    onProblem,
    async keep(place, record) {
      const directory = join(folder, folderOf(place))
      const name = ownName()
      own.add(name)
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch(onProblem)
      await write(join(directory, name), record)
      return keptAt(directory, name, record)
    },
    async left(place) {
      const directory = join(folder, folderOf(place))
      try {
        const names = (await unlessAbsent(readdir(directory))) ?? []
        const found = await Promise.all(names.map((name) => leftIn(directory, name)))
        return found.filter((one) => one !== undefined)
      } catch (error) {
        onProblem(error)
        return []
      }
    },
  }
}

const folderOf = ({ endpoint = '', bucket }: UploadPlace): string =>
  createHash('sha256').update(`${endpoint}\n${bucket}`).digest('hex').slice(0, 32)

/** Undefined for what is no note: nothing is done with it. */
function recordOf(text: string): UploadRecord | undefined {
  try {
    return uploadRecord.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A process has left an upload when it runs no more, or has the number of one that did. */
function isLeft(owner: string, { startedMs }: UploadRecord): boolean {
  if (owner === thisProcess() && startedMs < Date.now() - process.uptime() * 1_000) return true
  return isDead(owner) || Date.now() - startedMs > longestAliveMs
}
