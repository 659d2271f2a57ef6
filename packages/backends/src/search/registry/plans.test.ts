// What is asked and what is checked, together, find what a query means: held against `matchesQuery` on every document.
import {
  fileExtension,
  fromPlain,
  type MetaType,
  matchesQuery,
  metaValues,
  metaWordsText,
  parseQuery,
  type Query,
  type SearchDocument,
  type SearchScope,
} from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  BooleanPredicate,
  KeywordPredicate,
  ObjectsAsked,
  PackagesAsked,
  TextPredicate,
  UserMetaPredicate,
} from '../../registry-api/search-input.js'
import { conditionsOf } from '../conjuncts.js'
import { entryPlan } from './entry-plan.js'
import { objectPlan } from './object-plan.js'
import { packagePlan } from './package-plan.js'
import type { SearchPlan } from './plan.js'
import { type FieldValues, type IndexDocument, readQueryString } from './test/query-string-reader.js'

const nowMs = Date.UTC(2026, 2, 1)
const day = 86_400_000

const objects: readonly SearchDocument[] = [
  { bucket: 'lab-a', key: 'raw/cells.csv', size: 5, modifiedMs: nowMs - day, deleted: false, content: 'the cell line' },
  { bucket: 'lab-a', key: 'raw/Plate_1.CSV', size: 0, modifiedMs: nowMs - 40 * day, deleted: false, content: '' },
  { bucket: 'lab-b', key: 'plate_2.csv.gz', size: 1_000, modifiedMs: nowMs, deleted: false },
  {
    bucket: 'lab-b',
    key: 'a b/<x>&[y]:z.txt',
    size: 1_001,
    modifiedMs: nowMs - day,
    deleted: false,
    content: 'RNA and cells',
  },
  { bucket: 'shared', key: '.csv', size: 7, modifiedMs: 0, deleted: false },
  { bucket: 'shared', key: 'rna', size: 7, modifiedMs: nowMs - 2 * day, deleted: false, content: 'line cell' },
]
const packages: readonly SearchDocument[] = [
  {
    name: 'lab/cells',
    comment: 'first import',
    meta: { a: 'rna', n: 5, when: '2025-01-01' },
    files: ['raw/cells.csv'],
  },
  {
    name: 'lab/Plates',
    comment: 'RNA of cells',
    meta: { a: 'dna', n: 7, ok: true },
    files: ['plate_1.csv', 'x/readme'],
  },
  { name: 'other/rna', meta: { a: '5', list: ['x', 'rna'] }, files: ['a.txt'], workflow: 'alpha' },
  { name: 'other/empty', comment: 'cell line', files: [] },
].map(({ meta, ...rest }, index) => ({
  bucket: index % 2 === 0 ? 'lab-a' : 'lab-b',
  size: index * 500,
  entries: rest.files.length,
  hash: `${index}a`.repeat(32),
  modifiedMs: nowMs - index * 20 * day,
  ...rest,
  ...(meta === undefined ? {} : { meta: fromPlain(meta) }),
}))

const entries: readonly SearchDocument[] = packages.flatMap(({ files = [], meta, entries: _count, ...rest }) =>
  files.map((key, index) => ({
    ...rest,
    key,
    size: index * 700,
    ...(meta === undefined || index > 0 ? {} : { meta }),
  })),
)

const words = [
  'cells',
  'rna',
  'RNA',
  '"cell line"',
  'first',
  'pla*',
  'plate_*.csv',
  'c?lls',
  '"---"',
  'raw/cells.csv',
  '5',
  '\\<x\\>*',
]
const shared = [
  'size:>0',
  'size:<=1000',
  'size:[1 TO 1001}',
  'modified:>now-30d',
  'modified:2026-02',
  'bucket:lab-*',
  'ext:csv',
  'ext:c*',
  'ext:csv.gz',
  'key:raw/*',
  'key:"raw/cells.csv"',
  'key:*<x>*',
]
const terms: Readonly<Record<SearchScope, readonly string[]>> = {
  objects: [...words, ...shared, 'content:"cell line"', 'content:rna', 'deleted:false'],
  entries: [
    ...words,
    ...shared,
    'name:lab/*',
    'comment:cells',
    'meta:rna',
    'meta./a:rna',
    'meta./n:>5',
    'workflow:alpha',
  ],
  packages: [
    ...words,
    ...shared,
    'name:lab/*',
    'name:LAB/cells',
    'name:*',
    'comment:cells',
    'comment:(first OR line)',
    'comment:pla_*',
    'meta:rna',
    'meta./a:rna',
    'meta./a:5',
    'meta./n:5',
    'meta./n:>5',
    'meta./n:[5 TO 7]',
    'meta./when:2025',
    'meta./ok:true',
    'meta./list:x',
    'meta./a:*',
    'entries:>0',
    'hash:0a*',
    'workflow:alpha',
    'workflow:[a TO b]',
  ],
}

const queries = (scope: SearchScope): fc.Arbitrary<string> =>
  fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...terms[scope]),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} AND ${b})`),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} OR ${b})`),
      tie('query').map((one) => `NOT ${one}`),
    ),
  })).query

describe.each([
  ['objects', objects],
  ['packages', packages],
  ['entries', entries],
] as const)('a plan for %s', (scope, documents) => {
  it('finds what the query means, on every document', () => {
    fc.assert(
      fc.property(queries(scope), (text) => {
        const query = parseQuery(text)
        const found = documents.filter((document) => isFound(query, document, scope))
        const meant = documents.filter((document) => matchesQuery(query, document, { scope, nowMs }))
        // What could only be asked roughly finds more, and says so.
        const shown = isRough(query, scope) ? found.filter((document) => meant.includes(document)) : found
        expect(shown.map(nameOf)).toEqual(meant.map(nameOf))
      }),
      { numRuns: 1_000 },
    )
  })
})

const nameOf = ({ name, key }: SearchDocument): string | undefined => name ?? key

/** As the registry and the checks find it; what they refuse is found as it is meant. */
function isFound(query: Query, document: SearchDocument, scope: SearchScope): boolean {
  const conditions = conditionsOf(query)
  if (conditions === undefined) return false
  const options = { scope, nowMs }
  if (!conditions.onBuckets.every((one) => matchesQuery(one, document, options))) return false
  const plan = planOf(conditions.others, scope)
  if (plan === 'refused') return matchesQuery(query, document, options)
  const { asked, checks } = plan
  const index = indexes[scope](document)
  const said = asked.searchString === null || readQueryString(asked.searchString)(index)
  const filters = Object.entries(asked.filter ?? {}).every(([field, predicate]) => passes(field, predicate, document))
  const metaFilters = 'userMetaFilters' in asked ? (asked.userMetaFilters ?? []) : []
  return (
    said &&
    filters &&
    metaFilters.every((one) => passesMeta(one, document)) &&
    checks.every((one) => matchesQuery(one, document, options))
  )
}

function isRough(query: Query, scope: SearchScope): boolean {
  const plan = planOf(conditionsOf(query)?.others ?? [], scope)
  return plan !== 'refused' && plan.rough
}

function planOf(
  conjuncts: readonly Query[],
  scope: SearchScope,
): SearchPlan<ObjectsAsked> | SearchPlan<PackagesAsked> | 'refused' {
  const types = new Map<string, Set<MetaType>>()
  for (const { meta } of packages)
    for (const { path, type } of metaValues(meta)) types.set(path, (types.get(path) ?? new Set()).add(type))
  try {
    if (scope === 'entries') return entryPlan(conjuncts, nowMs)
    return scope === 'objects'
      ? objectPlan(conjuncts, nowMs)
      : packagePlan(conjuncts, { types, nowMs, allRevisions: false })
  } catch (error) {
    expect(error).toMatchObject({ code: 'unsupported' })
    return 'refused'
  }
}

const some = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value])

function objectIndex({ key = '', size = 0, modifiedMs = 0, deleted, content }: SearchDocument): IndexDocument {
  const fields: Readonly<Record<string, FieldValues>> = {
    key: { kind: 'keyword', values: [key] },
    ext: { kind: 'keyword', values: some(fileExtension(key)).map((ext) => `.${ext}`) },
    content: { kind: 'words', values: some(content) },
    size: { kind: 'number', values: [size] },
    last_modified: { kind: 'date', values: [modifiedMs] },
    delete_marker: { kind: 'keyword', values: [String(deleted)] },
  }
  return { field: (name) => fields[name], all: [key, ...some(content)] }
}

function packageIndex(document: SearchDocument): IndexDocument {
  const { name = '', comment, meta, size = 0, modifiedMs = 0, entries = 0, hash = '', workflow, files = [] } = document
  const texts = { meta: metaWordsText(meta), comment: comment ?? '' }
  const fields: Readonly<Record<string, FieldValues>> = {
    ptr_name: { kind: 'keyword', values: [name] },
    ptr_last_modified: { kind: 'date', values: [modifiedMs] },
    mnfst_message: { kind: 'words', values: some(comment ?? undefined) },
    mnfst_metadata: { kind: 'words', values: meta === undefined ? [] : [texts.meta] },
    mnfst_hash: { kind: 'keyword', values: [hash] },
    'mnfst_workflow.id': { kind: 'keyword', values: some(workflow) },
    'mnfst_stats.total_bytes': { kind: 'number', values: [size] },
    'mnfst_stats.total_files': { kind: 'number', values: [entries] },
    entry_lk: { kind: 'keyword', values: files },
  }
  return { field: (one) => fields[one], all: [name, texts.comment, texts.meta, workflow ?? '', ...files] }
}

function entryIndex({ key = '', size = 0, meta }: SearchDocument): IndexDocument {
  const words = metaWordsText(meta)
  const fields: Readonly<Record<string, FieldValues>> = {
    entry_lk: { kind: 'keyword', values: [key] },
    'entry_lk.text': { kind: 'words', values: [key] },
    entry_size: { kind: 'number', values: [size] },
    entry_metadata: { kind: 'words', values: meta === undefined ? [] : [words] },
  }
  return { field: (name) => fields[name], all: [key, words] }
}

const indexes = { objects: objectIndex, packages: packageIndex, entries: entryIndex } as const

type Predicate = NonNullable<ObjectsAsked['filter'] | PackagesAsked['filter']>[never]

function passes(field: string, predicate: Predicate | object | null, document: SearchDocument): boolean {
  if (predicate === null) return true
  const { name, key = '', hash, workflow, comment, content, size, entries, modifiedMs = 0, deleted } = document
  if ('terms' in predicate) {
    const texts: Readonly<Record<string, string | undefined>> = { name, key, hash, workflow, ext: fileExtension(key) }
    return passesKeyword(predicate as KeywordPredicate, texts[field] ?? '')
  }
  if ('queryString' in predicate)
    return passesText(predicate as TextPredicate, (field === 'comment' ? comment : content) ?? '')
  if ('true' in predicate) return passesBoolean(predicate as BooleanPredicate, deleted ?? false)
  const numbers: Readonly<Record<string, number | undefined>> = { size, entries, modified: modifiedMs }
  return passesRange(predicate, numbers[field] ?? 0)
}

function passesMeta(
  { path, keyword, text, number, datetime, boolean }: UserMetaPredicate,
  { meta }: SearchDocument,
): boolean {
  return metaValues(meta)
    .filter((value) => value.path === path)
    .some(({ type, number: point = 0, text: value = '' }) => {
      if (type === 'keyword') return keyword !== null && passesKeyword(keyword, value)
      if (type === 'text') return text !== null && passesText(text, value)
      if (type === 'boolean') return boolean !== null && passesBoolean(boolean, point === 1)
      const range = type === 'number' ? number : datetime
      return range !== null && passesRange(range, point)
    })
}

function passesKeyword({ terms: values, wildcard }: KeywordPredicate, value: string): boolean {
  if (value === '') return false
  if (values !== null) return values.some((one) => one.toLowerCase() === value.toLowerCase())
  const pattern = (wildcard ?? '').replace(/\\?[\s\S]/gu, (part) =>
    part === '*' ? '.*' : part === '?' ? '.' : part.replace(/^\\/, '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  )
  return new RegExp(`^${pattern}$`, 'isu').test(value)
}

const passesText = ({ queryString }: TextPredicate, text: string): boolean =>
  readQueryString(queryString)({ field: () => undefined, all: text === '' ? [] : [text] })

const passesBoolean = (predicate: BooleanPredicate, value: boolean): boolean =>
  value ? predicate.true : predicate.false

function passesRange(range: object, value: number): boolean {
  const { gte, lte }: { gte?: number | string | null; lte?: number | string | null } = range
  const at = (bound: number | string): number => (typeof bound === 'string' ? Date.parse(bound) : bound)
  return (gte == null || value >= at(gte)) && (lte == null || value <= at(lte))
}
