// What all uploads of one backend share: how much is in memory at a time, and what is known of uploads that were broken off.
import { type ByteBudget, createByteBudget } from './byte-budget.js'
import type { KeptUpload, LeftUpload, UnfinishedUploads, UploadRecord } from './unfinished-uploads.js'

export interface Uploading {
  /** Of the parts on their way. */
  readonly budget: ByteBudget
  /** Uploads that died with their process, each given once. The notes are read at the first call for a bucket. */
  takeLeft(bucket: string, wanted: (record: UploadRecord) => boolean): Promise<readonly LeftUpload[]>
  /** Notes an upload that is about to begin. */
  keep(record: UploadRecord): Promise<KeptUpload>
  /** Told what must not fail an upload. */
  onProblem(error: unknown): void
}

export interface UploadingDeps {
  /** Address of an S3 that is not Amazon's. */
  readonly endpoint: string | undefined
  /** Absent: nothing is noted, and nothing continued. */
  readonly unfinished: UnfinishedUploads | undefined
}

/** Eight parts of ordinary size. */
const mostBytesUnderWay = 67_108_864

const noteless: KeptUpload = { begun: async () => {}, forget: async () => {} }

/** Makes it, for one backend. */
export function createUploading({ endpoint, unfinished }: UploadingDeps): Uploading {
  const leftIn = new Map<string, Promise<LeftUpload[]>>()
  return {
    budget: createByteBudget(mostBytesUnderWay),
    async takeLeft(bucket, wanted) {
      if (unfinished === undefined) return []
      const reading = leftIn.get(bucket) ?? unfinished.left({ endpoint, bucket }).then((found) => [...found])
      leftIn.set(bucket, reading)
      const left = await reading
      const taken = left.filter(({ record }) => wanted(record))
      for (const one of taken) left.splice(left.indexOf(one), 1)
      return taken
    },
    keep: async (record) => unfinished?.keep({ endpoint, bucket: record.bucket }, record) ?? noteless,
    onProblem: (error) => unfinished?.onProblem(error),
  }
}
