// What the registry knows of a bucket beside its objects: title, description, whether it can be browsed.
import { z } from 'zod'
import type { Db } from '../store/database.js'

export interface BucketRecord {
  readonly name: string
  readonly title: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Whether browsing sessions may be opened over its packages. */
  readonly browsable: boolean
  /** 0 when nobody set one. */
  readonly relevanceScore: number
}

/** What is set of a bucket. What is absent stays as it is. */
interface BucketInput {
  readonly name: string
  /** At first: the name. */
  readonly title?: string | undefined
  readonly description?: string | undefined
  /** At first: false. */
  readonly browsable?: boolean | undefined
}

export interface BucketRecords {
  /** Creates the record, or changes it. */
  putBucket(input: BucketInput): void
  /** All of them, by name. */
  bucketRecords(): readonly BucketRecord[]
  bucketRecord(name: string): BucketRecord | undefined
}

const tagList = z.array(z.string())
const row = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    tags: z.string().nullable(),
    browsable: z.number(),
    relevance_score: z.number(),
  })
  .transform(
    ({ name, title, description, tags, browsable, relevance_score }): BucketRecord => ({
      name,
      title,
      ...(description !== null && { description }),
      ...(tags !== null && { tags: tagList.parse(JSON.parse(tags)) }),
      browsable: browsable === 1,
      relevanceScore: relevance_score,
    }),
  )

/** Opens the bucket records; their table is created when missing. */
export function openBucketRecords(db: Db): BucketRecords {
  db.exec(`
create table if not exists identity_buckets (
  name text primary key,
  title text not null,
  description text,
  tags text,
  browsable integer not null,
  relevance_score integer not null
) without rowid`)
  const put = db.prepare(
    `insert into identity_buckets values (:name, coalesce(:title, :name), :description, null, coalesce(:browsable, 0), 0)
     on conflict (name) do update set title = coalesce(:title, title),
       description = coalesce(:description, description), browsable = coalesce(:browsable, browsable)`,
  )
  const all = db.prepare('select * from identity_buckets order by name')
  const one = db.prepare('select * from identity_buckets where name = ?')
  return {
    putBucket({ name, title, description, browsable }) {
      const flag = browsable === undefined ? null : Number(browsable)
      put.run({ name, title: title ?? null, description: description ?? null, browsable: flag })
    },
    bucketRecords: () => all.all().map((found) => row.parse(found)),
    bucketRecord(name) {
      const found = one.get(name)
      return found === undefined ? undefined : row.parse(found)
    },
  }
}
