// What is asked of the registry for a search of packages, and what is left to check here.
import type { Query } from '@quilt-mcp/core'
import type { PackagesAsked, PackagesFilter } from '../../registry-api/search-input.js'
import { termsOf } from '../conjuncts.js'
import { type IndexTerm, packageTerm } from './index-terms.js'
import { type MetaTypes, metaFilter } from './meta-predicate.js'
import { notAskable, type SearchPlan } from './plan.js'
import { together } from './query-string.js'
import { type FilterKinds, type TypedFilters, typedFilters } from './typed-filters.js'

const kinds: FilterKinds = {
  modified: 'date',
  size: 'number',
  name: 'keyword',
  hash: 'keyword',
  entries: 'number',
  comment: 'words',
  workflow: 'keyword',
}

const onePlace =
  'The registry finds several words only where they stand in one place: in the name, in message and metadata, or in one file.'
const oneFile = 'The registry finds several conditions on files only where one file fits them all.'
const knownPlaces =
  'The registry does not tell all files of a package: words beside conditions on files, and what must not be there, were looked for in name, message, metadata, workflow and the files it told.'
const ownNames =
  'Words and fields in one OR were asked by the names that the registry itself has for the fields: see what was sent.'
const tooMuch = 'A part of this search could only be asked roughly: some of what was found may not fit.'

export interface PackagePlanOptions {
  readonly types: MetaTypes
  readonly nowMs: number
  readonly allRevisions: boolean
}

/** Plans a search of packages.
 * @throws {QuiltError} `unsupported` for words and something else in one OR that the registry cannot be asked for */
export function packagePlan(
  conjuncts: readonly Query[],
  { types, nowMs, allRevisions }: PackagePlanOptions,
): SearchPlan<PackagesAsked> {
  const { filters, left } = typedFilters(conjuncts, kinds, nowMs)
  const metaFilters = left.map((one) => ({ one, filter: metaFilter(one, types, nowMs) }))
  const userMetaFilters = metaFilters.flatMap(({ filter }) => (filter === undefined ? [] : [filter.predicate]))
  const roughly = metaFilters.filter(({ filter }) => filter?.exact === false).map(({ one }) => one)
  const rest = searched(
    metaFilters.filter(({ filter }) => filter === undefined).map(({ one }) => one),
    nowMs,
  )
  const checks = [...roughly, ...rest.checks]
  return {
    asked: {
      searchString: rest.said?.text ?? null,
      filter: filterOf(filters),
      userMetaFilters: userMetaFilters.length > 0 ? userMetaFilters : null,
      latestOnly: !allRevisions,
    },
    checks,
    counts: checks.length === 0 && !rest.rough,
    rough: rest.rough,
    notes: rest.notes,
  }
}

/** The filters on packages. Null: none. */
export function filterOf(filters: TypedFilters): PackagesFilter | null {
  const filter: PackagesFilter = {
    modified: filters.dates.get('modified') ?? null,
    size: filters.numbers.get('size') ?? null,
    name: filters.keywords.get('name') ?? null,
    hash: filters.keywords.get('hash') ?? null,
    entries: filters.numbers.get('entries') ?? null,
    comment: filters.words.get('comment') ?? null,
    workflow: filters.keywords.get('workflow') ?? null,
  }
  return Object.values(filter).some((predicate) => predicate !== null) ? filter : null
}

interface Searched {
  readonly said: IndexTerm | undefined
  readonly rough: boolean
  readonly checks: readonly Query[]
  readonly notes: readonly string[]
}

/** Sorts what no filter says into the one query string and into checks. Of a hit we know all but its files: conditions that need those must
 * be asked, and the string is theirs. */
function searched(conjuncts: readonly Query[], nowMs: number): Searched {
  const say = (some: readonly Query[]) =>
    together(some, { term: packageTerm(nowMs), meeting: 'several', nested: false })
  const needsFiles = conjuncts.filter((one) => looksIntoFiles(one, { negated: false }))
  const known = conjuncts.filter((one) => !needsFiles.includes(one))
  const negated = known.filter((one) => looksIntoFiles(one, { negated: true }))
  if (needsFiles.length === 0) {
    return {
      said: narrowest(known, say),
      checks: checkedOf(known, say),
      rough: negated.length > 0,
      notes: negated.length > 0 ? [knownPlaces] : [],
    }
  }
  for (const one of needsFiles) if (say([one]) === undefined) throw notAskable()
  const onFiles = needsFiles.filter(namesFiles)
  const words = needsFiles.filter((one) => !onFiles.includes(one))
  const checkedWords = onFiles.length > 0 ? words : []
  const sayableNot = negated.filter((one) => say([one]) !== undefined)
  const said = say(onFiles.length > 0 ? onFiles : [...words, ...sayableNot])
  const exact = needsFiles.every((one) => say([one])?.exact)
  const incomplete = checkedWords.length > 0 || negated.length > 0
  return {
    said,
    checks: [...checkedWords, ...known],
    rough: !exact || incomplete,
    notes: [
      ...(words.length > 1 && onFiles.length === 0 ? [onePlace] : []),
      ...(onFiles.length > 1 ? [oneFile] : []),
      ...(needsFiles.some(isMixed) ? [ownNames] : []),
      ...(incomplete ? [knownPlaces] : []),
      ...(exact ? [] : [tooMuch]),
    ],
  }
}

type Say = (some: readonly Query[]) => IndexTerm | undefined

/** What can be asked in one string: all about manifests, or the first condition that can be said. All of it is checked, too. */
function narrowest(known: readonly Query[], say: Say): IndexTerm | undefined {
  const sayable = known.filter((one) => say([one]) !== undefined)
  const aboutManifests = sayable.filter((one) => say([one])?.of === 'manifest')
  return say(aboutManifests.length > 0 ? aboutManifests : sayable.slice(0, 1))
}

/** Words in metadata are asked for as they are meant: alone they need no check. */
function checkedOf(known: readonly Query[], say: Say): readonly Query[] {
  const [only, ...others] = known
  const isMeta = only?.kind === 'field' && only.field === 'meta' && (only.path ?? '') === ''
  return isMeta && others.length === 0 && say([only])?.exact ? [] : known
}

function looksIntoFiles(query: Query, { negated }: { readonly negated: boolean }): boolean {
  return [...termsOf(query)].some((one) => one.negated === negated && isOfFiles(one.term))
}

const isOfFiles = (term: Query): boolean =>
  term.kind === 'text' || (term.kind === 'field' && (term.field === 'key' || term.field === 'ext'))

const namesFiles = (query: Query): boolean =>
  [...termsOf(query)].some(({ term }) => term.kind === 'field' && isOfFiles(term))

/** Words and fields in one condition. */
function isMixed(query: Query): boolean {
  const kinds = new Set([...termsOf(query)].map(({ term }) => term.kind))
  return kinds.size > 1
}
