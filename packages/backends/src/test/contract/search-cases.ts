import { parseQuery, type SearchAnswer, type SearchHit, type SearchRequest } from '@quilt-mcp/core'
import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import type { ContractWorld } from './contract-world.js'
import { aPackage, files, jsonOf } from './made.js'
import { codesOf } from './told.js'

/** A word that is in no text yet. */
const freshWord = (): string => `w${crypto.randomUUID().replaceAll('-', '')}`

type Asked = Partial<Omit<SearchRequest, 'query'>>

async function search({ backend, bucket }: ContractWorld, query: string, asked: Asked = {}): Promise<SearchAnswer> {
  if (backend.search === undefined) throw new Error(`the ${backend.name} backend cannot search`)
  for (;;) {
    const answer = await backend.search.search({
      scope: 'packages',
      buckets: [bucket],
      query: parseQuery(query),
      ...asked,
    })
    // On a busy machine an index may not be ready within a search's patience, and says so.
    if (answer.indexing === undefined) return answer
  }
}

/** What hits are of: packages by name, entries and objects by key. */
const named = ({ hits }: Pick<SearchAnswer, 'hits'>): readonly string[] => hits.map(nameOf)

function nameOf(hit: SearchHit): string {
  if (hit.kind === 'package') return hit.name
  return hit.kind === 'entry' ? `${hit.name}: ${hit.logicalKey}` : hit.key
}

/** A package found by one word alone, with two files. */
async function sample(world: ContractWorld, word: string) {
  return aPackage(
    world,
    { 'raw/reads.fastq': 'ACGT', 'tables/counts.csv': 'a,b' },
    {
      name: `found/${word}`,
      message: `Import of ${word}`,
      userMeta: jsonOf(`{"experiment": {"type": "rna", "replicates": 3}, "tag": "${word}-tag"}`),
    },
  )
}

export const searchCases: ContractSubject = {
  subject: 'a search',
  cases: [
    {
      title: 'finds a package as soon as it is pushed, with all that is known of it',
      async run(world) {
        const word = freshWord()
        const { topHash } = await sample(world, word)
        const answer = await search(world, word)
        expect(answer).toMatchObject({ total: 1, leftOut: [], facets: [] })
        expect(answer.hits).toMatchObject([
          {
            kind: 'package',
            bucket: world.bucket,
            name: `found/${word}`,
            topHash,
            pointer: 'latest',
            size: 7,
            entries: 2,
            comment: `Import of ${word}`,
            modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          },
        ])
        expect(answer.hits[0]?.matched.map(({ field }) => field)).toContain('name')
      },
    },
    ...casesOf(
      'finds packages by',
      [
        ['a word of the comment', (word: string) => `comment:"Import of ${word}"`],
        ['a pattern of names', (word: string) => `name:found/${word.slice(0, 20)}*`],
        ['metadata', (word: string) => `meta./tag:${word}-tag meta./experiment/type:rna`],
        ['a number in metadata', (word: string) => `${word} meta./experiment/replicates:[2 TO 3]`],
        ['size and number of files', (word: string) => `${word} size:<1KB entries:2`],
        ['the time of the last change', (word: string) => `${word} modified:>now-1h`],
        ['what they are not', (word: string) => `${word} NOT meta./experiment/type:dna`],
        ['a file that they hold', (word: string) => `name:found/${word} key:tables/*.csv`],
      ] as const,
      async (world, [, query]) => {
        const word = freshWord()
        await sample(world, word)
        expect(named(await search(world, query(word)))).toEqual([`found/${word}`])
      },
    ),
    {
      title: 'finds the files of packages, and where their bytes are',
      async run(world) {
        const word = freshWord()
        await sample(world, word)
        const answer = await search(world, `name:found/${word} ext:csv`, { scope: 'entries' })
        expect(named(answer)).toEqual([`found/${word}: tables/counts.csv`])
        expect(answer.hits).toMatchObject([
          { size: 3, physicalKey: expect.stringMatching(/tables\/counts\.csv(\?versionId=.+)?$/) },
        ])
      },
    },
    {
      title: 'finds objects by their keys',
      async run(world) {
        const word = freshWord()
        await files(world, { [`plates/${word}.tif`]: 'II', 'other.tif': 'II' })
        const answer = await search(world, word, { scope: 'objects' })
        expect(answer.hits).toMatchObject([{ kind: 'object', bucket: world.bucket, size: 2 }])
        expect(named(answer)).toEqual([expect.stringMatching(new RegExp(`/plates/${word}\\.tif$`))])
      },
    },
    {
      title: 'finds a package by its latest revision, and by older ones when they are asked for',
      async run(world) {
        const [older, newer] = [freshWord(), freshWord()]
        const name = `found/${freshWord()}`
        await aPackage(world, { a: '1' }, { name, message: older })
        await aPackage(world, { a: '2' }, { name, message: newer })
        const latest = [await search(world, `comment:${older}`), await search(world, `comment:${newer}`)]
        expect(latest.map(named)).toEqual([[], [name]])
        expect(named(await search(world, `comment:${older}`, { allRevisions: true }))).toEqual([name])
      },
    },
    {
      title: 'does not find a package that was removed',
      async run(world) {
        const word = freshWord()
        const { bucket, name } = await sample(world, word)
        expect(named(await search(world, word))).toEqual([name])
        await world.backend.packages.remove({ bucket, name })
        expect(named(await search(world, word))).toEqual([])
      },
    },
    {
      title: 'tells how many there are, page by page in the order that was asked for',
      async run(world) {
        const word = freshWord()
        const names = ['a', 'b', 'c'].map((part) => `found/${word}-${part}`)
        for (const name of names) await aPackage(world, { [name]: 'x' }, { name, message: word })
        const found: string[] = []
        let cursor: string | undefined
        do {
          const page = await search(world, word, { order: { by: 'name', direction: 'desc' }, limit: 2, cursor })
          // A registry tells it with the first page only.
          if (cursor === undefined) expect(page.total).toBe(3)
          found.push(...named(page))
          cursor = page.cursor
        } while (cursor !== undefined)
        expect(found).toEqual(names.toReversed())
      },
    },
    {
      title: 'counts without hits, and tells between which sizes they lie',
      async run(world) {
        const word = freshWord()
        await sample(world, word)
        const answer = await search(world, word, { limit: 0, facets: [{ field: 'size' }] })
        expect(answer).toMatchObject({ total: 1, hits: [], facets: [{ kind: 'range', min: 7, max: 7 }] })
      },
    },
    {
      title: 'leaves out a bucket that is none, and names it',
      async run(world) {
        const word = freshWord()
        await sample(world, word)
        const answer = await search(world, word, { buckets: [world.bucket, 'no-such-bucket-anywhere'] })
        expect(named(answer)).toEqual([`found/${word}`])
        expect(answer.leftOut.map(({ bucket }) => bucket)).toEqual(['no-such-bucket-anywhere'])
        expect(await codesOf([search(world, word, { buckets: ['no-such-bucket-anywhere'] })])).toEqual(['not_found'])
      },
    },
    {
      title: 'without buckets looks through all that the caller sees',
      async run(world) {
        const word = freshWord()
        await sample(world, word)
        expect(named(await search(world, word, { buckets: undefined }))).toEqual([`found/${word}`])
      },
    },
    {
      title: 'refuses fields, limits and cursors that it does not have',
      async run(world) {
        const calls = [
          search(world, 'content:x'),
          search(world, 'x', { limit: 1_001 }),
          search(world, 'x', { cursor: 'eyJ4IjoxfQ' }),
        ]
        expect(await codesOf(calls)).toEqual(['invalid_input', 'invalid_input', 'invalid_input'])
      },
    },
    ...casesOf(
      'takes for text what would be code elsewhere',
      [`"'; drop table entry; --"`, '\\"x\\" NEAR y', '\\{base\\}\\:x', '"* OR 1=1"', 'a\\/b\\/*'],
      async (world, query) => {
        const word = freshWord()
        await sample(world, word)
        expect(named(await search(world, `${word} AND ${query}`))).toEqual([])
        expect(named(await search(world, word))).toEqual([`found/${word}`])
      },
    ),
  ],
}
