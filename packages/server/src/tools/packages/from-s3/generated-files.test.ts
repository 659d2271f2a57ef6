import type { ContentEntry } from '@quilt-mcp/backends'
import { fromPlain, parseSummarize } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generatedFiles, sizeText } from './generated-files.js'
import { checkTemplate, templateMetadata } from './metadata-templates.js'
import { createSurveyor, type Survey } from './survey.js'

function surveyOf(...paths: readonly string[]): Survey {
  const surveyor = createSurveyor({ bucket: 'lab-a', prefix: 'raw/' })
  for (const path of paths)
    surveyor.look({ logicalKey: path, key: `raw/${path}`, size: 1_000, modified: '2026-11-21T00:00:00.000Z' })
  return surveyor.survey()
}

const facts = (survey: Survey, metadata: unknown = undefined) => ({
  name: 'study/raw',
  source: 's3://lab-a/raw/',
  survey,
  metadata: metadata === undefined ? undefined : fromPlain(metadata),
  created: '2026-11-21',
})
const both = { readme: true, summarize: true }
const textOf = ({ content }: ContentEntry): string =>
  content instanceof Uint8Array ? new TextDecoder().decode(content) : ''

describe('the README', () => {
  it('says what there is, where it is from, and what is known of it', async () => {
    const survey = surveyOf('notes.txt', 'run-1/a.csv', 'run-1/b.csv', 'run-2/plot.png')
    const { entries } = await generatedFiles(facts(survey, { assay: 'ATAC', wells: 96 }), {
      readme: true,
      summarize: false,
    })
    expect(entries.map(textOf)).toEqual([
      `# study/raw

4 files (4 KB) from s3://lab-a/raw/, collected on 2026-11-21.

## Contents

| Folder | Files | Size |
| --- | --- | --- |
| (root) | 1 | 1 KB |
| run-1/ | 2 | 2 KB |
| run-2/ | 1 | 1 KB |

## Kinds of files

| Kind | Files | Size |
| --- | --- | --- |
| data | 2 | 2 KB |
| docs | 1 | 1 KB |
| images | 1 | 1 KB |

## Metadata

| Key | Value |
| --- | --- |
| assay | ATAC |
| wells | 96 |
`,
    ])
  })

  it('shows names and values of users as text: no markup, no link, no row of their own', async () => {
    const survey = surveyOf('[a](https://evil.example)|x/<script>.txt')
    const { entries } = await generatedFiles(facts(survey, { '# key': '![p](http://evil.example)\n| a | b |' }), both)
    const [readme = ''] = entries.map(textOf)
    expect(readme).toContain('| \\[a\\](https\\:/ |')
    expect(readme).toContain('| \\# key | \\!\\[p\\](http\\://evil.example) \\| a \\| b \\| |')
  })
})

describe('quilt_summarize.json', () => {
  it('is valid, and shows files that are in the package, whatever their names are', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.tuple(fc.stringMatching(/^[^/]{1,8}$/), fc.constantFrom('csv', 'png', 'html', 'ipynb', 'bin', 'md')),
          { maxLength: 12, selector: ([name, ending]) => `${name}.${ending}` },
        ),
        async (names) => {
          const paths = names.map(([name, ending]) => `${name}.${ending}`)
          const survey = surveyOf(...paths)
          const { entries } = await generatedFiles(facts(survey), { readme: false, summarize: true })
          for (const entry of entries) {
            const rows = await parseSummarize(textOf(entry))
            expect(rows.flat().map(({ path }) => paths.includes(path))).not.toContain(false)
            expect(rows.length).toBeGreaterThan(0)
          }
        },
      ),
      { numRuns: 50 },
    ))
})

describe('a metadata template', () => {
  const given = { source: 's3://lab-a/raw/', createdBy: 'ada', created: '2026-11-21' }

  it('counts what its field knows, and names what only the user can say', () => {
    const survey = surveyOf('a.fastq.gz', 'b.bam', 'c.vcf', 'd.fq')
    expect(templateMetadata('genomics', { ...given, survey }, fromPlain({ organism: 'mouse', created: null }))).toEqual(
      {
        metadata: fromPlain({
          source: 's3://lab-a/raw/',
          file_count: 4,
          total_bytes: 4_000,
          sequence_files: 2,
          alignment_files: 1,
          variant_files: 1,
          created_by: 'ada',
          organism: 'mouse',
        }),
        missing: ['assay', 'reference_genome'],
      },
    )
  })

  it('that is not known is refused with those that are', () => {
    expect(() => checkTemplate('constructor')).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        hint: 'Templates: standard, genomics, imaging, ml, analytics.',
      }),
    )
  })
})

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_234, '1.23 KB'],
  [45_600_000_000, '45.6 GB'],
])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text))

it('files under a path that is a file are named with it', () => {
  expect(() => surveyOf('a', 'a/b', 'a/c', 'ab')).toThrow(
    expect.objectContaining({
      details: {
        collisions: [
          { path: 'a', files: 3, sources: ['s3://lab-a/raw/a', 's3://lab-a/raw/a/b', 's3://lab-a/raw/a/c'] },
        ],
      },
    }),
  )
})
