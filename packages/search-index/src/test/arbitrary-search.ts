// Random catalogues and queries of few words, so that much is found.
import {
  type FieldMatch,
  type FieldQuery,
  fromPlain,
  type PatternPart,
  type Query,
  type SearchScope,
  type TextMatch,
} from '@quilt-mcp/core'
import fc from 'fast-check'
import type { Catalogue, CatalogueRevision } from './filled-index.js'

const span = { from: 0, end: 0 }
const word = fc.constantFrom(
  'raw',
  'Plate',
  'rna',
  'RNA-seq',
  'x1',
  'été',
  '東京',
  'CSV',
  'plate_1',
  'a',
  'Ａ',
  'straße',
  'gz',
  '0-9',
  '019',
  '0é9',
)
const part = fc
  .tuple(word, fc.constantFrom('', '_', '-', '.', ' ', '[1]', '*'), word)
  .map(([a, between, b]) => (between === '' ? a : `${a}${between}${b}`))
const extension = fc.constantFrom('', '.csv', '.CSV', '.csv.gz', '.tar.gz', '.txt', '.c++')
const key = fc
  .tuple(fc.array(part, { maxLength: 2 }), part, extension)
  .map(([folders, name, ext]) => [...folders, `${name}${ext}`].join('/'))
const name = fc
  .tuple(
    fc.constantFrom('lab', 'Raw', 'été'),
    fc.constantFrom('plate', 'RNA-seq', 'x1_rna', 'raw', '東京', 'Plate-raw'),
  )
  .map((parts) => parts.join('/'))
const sentence = fc.array(part, { maxLength: 3 }).map((parts) => parts.join(' '))
const ms = fc.integer({ min: 0, max: 4 }).map((day) => Date.UTC(2025, 0, 1 + day))
const size = fc.constantFrom(0, 1, 10, 999, 1_000, 10_000_000_000)
const metaValue = fc.oneof(
  word,
  sentence,
  fc.constantFrom(
    1,
    2.5,
    -3,
    true,
    false,
    null,
    '2025-01-02',
    '2024',
    'x'.repeat(300),
    `${'long '.repeat(60)}plate_1 rna`,
  ),
  fc.array(word, { maxLength: 2 }),
)
const meta = fc
  .dictionary(fc.constantFrom('a', 'b/c', 'type', 'rna'), fc.oneof(metaValue, fc.record({ a: metaValue })), {
    maxKeys: 3,
    noNullPrototype: true,
  })
  .map(fromPlain)
const file = fc.record({ key, size, meta }, { requiredKeys: ['key', 'size'] })

const revision = fc.record(
  { name, modifiedMs: ms, comment: sentence, meta, workflow: word, files: fc.array(file, { maxLength: 4 }) },
  { requiredKeys: ['name', 'files'] },
)

/** A bucket with a few packages and objects. */
export const catalogue = (bucket = 'lab-data'): fc.Arbitrary<Catalogue> =>
  fc
    .record({
      revisions: fc.array(revision, { maxLength: 6 }),
      objects: fc.uniqueArray(
        fc.record({ key, size, modifiedMs: ms, content: sentence }, { requiredKeys: ['key', 'size', 'modifiedMs'] }),
        {
          selector: (object) => object.key,
          maxLength: 5,
        },
      ),
    })
    .map(({ revisions, objects }) => {
      const seen = new Set<string>()
      const numbered = revisions.map((one, index): CatalogueRevision => {
        const isLatest = !seen.has(one.name)
        seen.add(one.name)
        const files = [...new Map(one.files.map((each) => [each.key, each])).values()]
        return { ...one, files, isLatest, hash: String(index).padStart(64, 'ab') }
      })
      return { bucket, revisions: numbered, objects }
    })

const text = fc.oneof(word, part, fc.constantFrom('raw', 'csv', 'plate', 'lab', '!', 'raw/plate', 'type'))
const pattern = fc
  .array(
    fc.oneof(
      fc.constantFrom('raw', 'pl', 'Pla', 'csv', '.', '_', '/', 'te', '[1]', '京', 'a', 'Ａ', '0', '9', '_0'),
      fc.constantFrom('one', 'many'),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .filter((parts) => parts.some((one) => one === 'one' || one === 'many') && parts.some((one) => one !== 'many'))
  .map((parts) => parts.map((one): PatternPart => (one === 'one' || one === 'many' ? { any: one } : one)))
const textMatch: fc.Arbitrary<TextMatch> = fc.oneof(
  text.map((said) => ({ by: 'word', text: said }) as const),
  fc.oneof(text, key, sentence, name).map((said) => ({ by: 'phrase', text: said }) as const),
  pattern.map((parts) => ({ by: 'wildcard', pattern: parts }) as const),
)

const numberValue = fc.constantFrom(0, 1, 2, 10, 1_000).map((number) => ({ type: 'number', number }) as const)
const dateValue = fc.oneof(
  ms.map((at) => ({ type: 'date', ms: at }) as const),
  fc.constantFrom(0, 86_400_000).map((ago) => ({ type: 'ago', ms: ago }) as const),
)
const textValue = word.map((said) => ({ type: 'text', text: said }) as const)
const range = (value: fc.Arbitrary<NonNullable<RangeOf['lower']>['value']>): fc.Arbitrary<RangeOf> =>
  fc
    .tuple(
      fc.option(fc.record({ value, inclusive: fc.boolean() })),
      fc.record({ value, inclusive: fc.boolean() }),
      fc.boolean(),
    )
    .map(([a, b, isUpper]) => ({
      by: 'range',
      ...(a === null ? {} : isUpper ? { lower: a } : { upper: a }),
      ...(isUpper ? { upper: b } : { lower: b }),
    }))
type RangeOf = Extract<FieldMatch, { by: 'range' }>

const exists: fc.Arbitrary<FieldMatch> = fc.constant({ by: 'exists' })
const boolean: fc.Arbitrary<FieldMatch> = fc.boolean().map((value) => ({ by: 'boolean', value }))
const keyword = fc.oneof(
  textMatch,
  fc.oneof(name, key).map((said) => ({ by: 'word', text: said }) as const),
  range(textValue),
  exists,
)
const metaPath = fc.constantFrom('', '/a', '/b~1c', '/type', '/rna', '/rna/a')

const matches: { readonly [field in FieldQuery['field']]: fc.Arbitrary<FieldMatch> } = {
  name: keyword,
  key: keyword,
  ext: fc.oneof(
    keyword,
    fc.constantFrom('csv', '.csv', 'csv.gz', 'gz', 'c++').map((said) => ({ by: 'word', text: said }) as const),
  ),
  hash: keyword,
  workflow: keyword,
  bucket: fc.oneof(
    keyword,
    fc.constantFrom('lab-data', 'other').map((said) => ({ by: 'word', text: said }) as const),
  ),
  content: fc.oneof(textMatch, exists),
  comment: fc.oneof(textMatch, exists),
  meta: fc.oneof(
    textMatch,
    range(numberValue),
    range(dateValue),
    range(textValue),
    boolean,
    exists,
    fc.constantFrom('1', 'true', '2025-01-02').map((said) => ({ by: 'word', text: said }) as const),
  ),
  size: fc.oneof(range(numberValue), exists),
  modified: fc.oneof(range(dateValue), exists),
  entries: fc.oneof(range(numberValue), exists),
  deleted: fc.oneof(boolean, exists),
}

const fieldsOf: { readonly [scope in SearchScope]: readonly FieldQuery['field'][] } = {
  packages: ['name', 'key', 'ext', 'hash', 'workflow', 'bucket', 'comment', 'meta', 'size', 'modified', 'entries'],
  entries: ['name', 'key', 'ext', 'hash', 'workflow', 'bucket', 'comment', 'meta', 'size', 'modified'],
  objects: ['key', 'ext', 'bucket', 'content', 'size', 'modified', 'deleted'],
}

/** A query of a scope. */
export function query(scope: SearchScope): fc.Arbitrary<Query> {
  const field = fc
    .constantFrom(...fieldsOf[scope])
    .chain((one) =>
      fc
        .tuple(matches[one], metaPath)
        .map(
          ([match, path]): Query => ({ kind: 'field', field: one, ...(one === 'meta' ? { path } : {}), match, span }),
        ),
    )
  const term: fc.Arbitrary<Query> = fc.oneof(
    { weight: 4, arbitrary: textMatch.map((match): Query => ({ kind: 'text', match, span })) },
    { weight: 4, arbitrary: field },
    { weight: 1, arbitrary: fc.constant<Query>({ kind: 'all', span }) },
  )
  return fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      term,
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('query'), { minLength: 2, maxLength: 3 }))
        .map(([kind, operands]): Query => ({ kind: kind === 'and' ? 'and' : 'or', operands, span })),
      tie('query').map((operand): Query => ({ kind: 'not', operand, span })),
    ),
  })).query
}
