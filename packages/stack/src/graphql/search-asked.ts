// What a search asks: the arguments of the two searches, in the form in which a cursor carries them, too (formats.md 7.5).
import { z } from 'zod'

/** GraphQL gives dates; a cursor, text. */
const date = z.union([
  z.date(),
  // Years of five digits, too, as GraphQL takes them.
  z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)))
    .transform((text) => new Date(text)),
])
const datetimes = z.strictObject({ gte: date.nullish(), lte: date.nullish() })
const numbers = z.strictObject({ gte: z.number().nullish(), lte: z.number().nullish() })
const words = z.strictObject({ queryString: z.string() })
const keywords = z.strictObject({ terms: z.array(z.string()).nullish(), wildcard: z.string().nullish() })
const booleans = z.strictObject({ true: z.boolean().nullish(), false: z.boolean().nullish() })

const objectsFilter = z.strictObject({
  modified: datetimes.nullish(),
  size: numbers.nullish(),
  ext: keywords.nullish(),
  key: keywords.nullish(),
  content: words.nullish(),
  deleted: booleans.nullish(),
})

const packagesFilter = z.strictObject({
  modified: datetimes.nullish(),
  size: numbers.nullish(),
  name: keywords.nullish(),
  hash: keywords.nullish(),
  entries: numbers.nullish(),
  comment: words.nullish(),
  workflow: keywords.nullish(),
})

const userMetaPredicate = z.strictObject({
  path: z.string(),
  datetime: datetimes.nullish(),
  number: numbers.nullish(),
  text: words.nullish(),
  keyword: keywords.nullish(),
  boolean: booleans.nullish(),
})

const asked = { buckets: z.array(z.string()).nullish(), searchString: z.string().nullish() }

export const objectsAsked = z.strictObject({ ...asked, filter: objectsFilter.nullish() })
export const packagesAsked = z.strictObject({
  ...asked,
  filter: packagesFilter.nullish(),
  userMetaFilters: z.array(userMetaPredicate).nullish(),
  latestOnly: z.boolean(),
})

export type ObjectsAsked = z.output<typeof objectsAsked>
export type PackagesAsked = z.output<typeof packagesAsked>

export type DatetimePredicate = z.output<typeof datetimes>
export type NumberPredicate = z.output<typeof numbers>
export type TextPredicate = z.output<typeof words>
export type KeywordPredicate = z.output<typeof keywords>
export type BooleanPredicate = z.output<typeof booleans>
export type UserMetaPredicate = z.output<typeof userMetaPredicate>
