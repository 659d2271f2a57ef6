import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
  const { objects } = world.ada.backend
  for (const [key, text] of Object.entries(project)) await objects.put({ bucket: 'lab-a', key }, Buffer.from(text))
})
afterAll(() => world.close())

const project: Readonly<Record<string, string>> = {
  'project/': '',
  'project/empty/': '',
  'project/notes.txt': 'notes',
  'project/run-1/counts.csv': 'a,b\n1,2\n',
  'project/run-1/reads.fastq.gz': 'reads of run 1',
  'project/run-1/plot.png': 'a picture',
  'project/run-2/counts.csv': 'a,b\n3,4\n',
  'project/run-2/analysis.ipynb': '{}',
  'project/run-2/tmp/scratch.tmp': 'x',
  'project-2/other.txt': 'not of the project',
}

const base = { source: 's3://lab-a/project/', message: 'From the bucket' }

async function pathsOf(name: string): Promise<readonly string[]> {
  const { packages } = world.ada.backend
  const reader = await packages.open(await packages.resolve({ bucket: 'lab-a', name }))
  const paths: string[] = []
  for await (const batch of reader.entries()) paths.push(...batch.map(({ logicalKey }) => logicalKey))
  return paths
}

describe('package_create_from_s3', () => {
  it('makes a package of what lies below a folder, in the bucket of the folder', async () => {
    const made = await world.ada.ok('package_create_from_s3', { ...base, package: 'prefix/whole' })
    expect(made).toMatchObject({
      bucket: 'lab-a',
      source: 's3://lab-a/project/',
      entries: 7,
      counts: { added: 7, removed: 0, kept: 0 },
      skipped: { markers: 2 },
      moved: 0,
      generated: [],
      by: { user: 'ada' },
    })
    expect(await pathsOf('prefix/whole')).toEqual([
      'notes.txt',
      'run-1/counts.csv',
      'run-1/plot.png',
      'run-1/reads.fastq.gz',
      'run-2/analysis.ipynb',
      'run-2/counts.csv',
      'run-2/tmp/scratch.tmp',
    ])
  })

  it('takes the source for a folder when its slash is missing', async () => {
    const plan = await world.ada.ok('package_create_from_s3', {
      ...base,
      source: 's3://lab-a/project',
      package: 'prefix/planned',
      dry_run: true,
    })
    expect(plan).toMatchObject({ source: 's3://lab-a/project/', entries: 7 })
  })

  it('chooses by globs and sizes, and counts what it leaves out', async () => {
    const made = await world.ada.ok('package_create_from_s3', {
      ...base,
      package: 'prefix/chosen',
      include: ['run-*/**'],
      exclude: ['**/*.tmp'],
      min_size: 3,
      max_size: 10,
    })
    expect(made.skipped).toEqual({ markers: 2, not_included: 1, excluded: 1, size: 2 })
    expect(await pathsOf('prefix/chosen')).toEqual(['run-1/counts.csv', 'run-1/plot.png', 'run-2/counts.csv'])
  })

  it('shows the organised layout first, and then makes exactly that', async () => {
    const args = { ...base, package: 'prefix/by-kind', exclude: ['**/*.tmp'], organize: 'kind' }
    const plan = await world.ada.ok('package_create_from_s3', { ...args, dry_run: true })
    expect(plan).toMatchObject({
      dry_run: true,
      moved: 6,
      folders: [
        { path: 'data/', files: 3 },
        { path: 'docs/', files: 1 },
        { path: 'images/', files: 1 },
        { path: 'notebooks/', files: 1 },
      ],
      next: ['the same call without dry_run'],
    })
    expect(plan.moves).toContainEqual({ from: 'run-1/reads.fastq.gz', to: 'data/run-1/reads.fastq.gz' })
    expect(plan).not.toHaveProperty('top_hash')
    expect(await world.ada.fails('package_browse', { package: args.package, bucket: 'lab-a' })).toMatchObject({
      code: 'not_found',
    })
    const { dry_run: _, cost: __, next: ___, ...planned } = plan
    const made = await world.ada.ok('package_create_from_s3', args)
    expect(made).toMatchObject(planned)
    expect(await pathsOf('prefix/by-kind')).toEqual([
      'data/run-1/counts.csv',
      'data/run-1/reads.fastq.gz',
      'data/run-2/counts.csv',
      'docs/notes.txt',
      'images/run-1/plot.png',
      'notebooks/run-2/analysis.ipynb',
    ])
  })

  it('organises by rules, and takes a folder off', async () => {
    const made = await world.ada.ok('package_create_from_s3', {
      ...base,
      package: 'prefix/by-rules',
      strip: 'run-1',
      organize: [
        { match: '**/*.fastq.gz', to: 'raw/' },
        { match: 'run-*/**/*.csv', to: 'tables' },
      ],
    })
    expect(made.moved).toBe(4)
    expect(await pathsOf('prefix/by-rules')).toEqual([
      'notes.txt',
      'plot.png',
      'raw/reads.fastq.gz',
      'run-2/analysis.ipynb',
      'run-2/tmp/scratch.tmp',
      'tables/counts.csv',
      'tables/run-2/counts.csv',
    ])
  })

  it('refuses files that would have one path, and names where each comes from', async () => {
    const error = await world.ada.fails('package_create_from_s3', { ...base, package: 'prefix/flat', keys: 'flatten' })
    expect(error).toMatchObject({
      code: 'invalid_input',
      details: {
        collisions: [
          {
            path: 'counts.csv',
            files: 2,
            sources: ['s3://lab-a/project/run-1/counts.csv', 's3://lab-a/project/run-2/counts.csv'],
          },
        ],
      },
    })
  })

  it('adds a README and a quilt_summarize.json, and fills metadata from a template', async () => {
    const args = {
      ...base,
      package: 'prefix/described',
      readme: true,
      summarize: true,
      template: 'genomics',
      metadata: { organism: 'mouse | <b>', file_count: null },
    }
    const plan = await world.ada.ok('package_create_from_s3', { ...args, dry_run: true })
    expect(plan).toMatchObject({
      generated: ['README.md', 'quilt_summarize.json'],
      entries: 9,
      metadata: {
        untrusted: {
          source: 's3://lab-a/project/',
          total_bytes: 47,
          sequence_files: 1,
          alignment_files: 0,
          created_by: 'ada',
          organism: 'mouse | <b>',
        },
      },
      warnings: ['the template asks for metadata that nobody gave: assay, reference_genome'],
    })
    const made = await world.ada.ok('package_create_from_s3', args)
    const read = async (path: string) => (await world.ada.ok('object_read', { uri: `${made.uri}&path=${path}` })).text
    expect(await read('README.md')).toMatchObject({
      untrusted: expect.stringContaining('| organism | mouse \\| \\<b\\> |'),
    })
    expect(await read('quilt_summarize.json')).toEqual({
      untrusted:
        '[\n  {"path": "run-2/analysis.ipynb", "expand": true},\n  "run-1/counts.csv",\n  "run-2/counts.csv",\n  "run-1/plot.png"\n]\n',
    })
  })

  it('never replaces a README that is there', async () => {
    await world.ada.backend.objects.put({ bucket: 'lab-a', key: 'with-readme/Readme.md' }, Buffer.from('# Mine\n'))
    const made = await world.ada.ok('package_create_from_s3', {
      ...base,
      source: 's3://lab-a/with-readme/',
      package: 'prefix/with-readme',
      readme: true,
      summarize: true,
    })
    expect(made).toMatchObject({
      entries: 1,
      generated: [],
      warnings: [
        'Readme.md is there already: none was made',
        'no quilt_summarize.json was made: no file is of a kind that the catalog shows',
      ],
    })
  })

  it('replaces a package when told and confirmed, and says what stays and goes', async () => {
    const args = { ...base, package: 'prefix/again', include: ['run-1/**'] }
    const first = await world.ada.ok('package_create_from_s3', args)
    expect(await world.ada.fails('package_create_from_s3', args)).toMatchObject({ code: 'conflict' })
    const replacement = { ...args, include: ['run-1/*.csv', 'run-2/*.csv'], overwrite: true }
    const question = await world.ada.fails('package_create_from_s3', replacement)
    expect(question.message).toContain('1 paths stay, 2 go')
    expect(await world.ada.confirmed('package_create_from_s3', replacement)).toMatchObject({
      previous: first.top_hash,
      counts: { added: 1, removed: 2, kept: 1 },
    })
  })

  it.each([
    [{ source: 's3://lab-a/nothing/' }, 'not_found', 'there are no objects below s3://lab-a/nothing/'],
    [{ include: ['*.none'] }, 'not_found', 'none of the 9 objects below s3://lab-a/project/ is chosen'],
    [{ max_files: 3 }, 'invalid_input', 'more than 3 files (max_files)'],
    [{ max_bytes: 10 }, 'invalid_input', 'more than 10 bytes (max_bytes)'],
    [{ min_size: 5, max_size: 4 }, 'invalid_input', 'max_size 4 is below min_size 5'],
    [{ template: 'genomic' }, 'invalid_input', 'there is no metadata template "genomic"'],
    [{ organize: [{ match: '**', to: '../up' }] }, 'invalid_input', '"../up" is no folder of a package'],
    [{ package: 'made/x@abcdef' }, 'invalid_input', 'a revision or path of made/x'],
    [{ source: 's3://lab-b/project/', bucket: 'lab-a' }, 'forbidden', 'lab-b'],
  ])('refuses %j', async (args, code, message) => {
    expect(
      await world.ada.fails('package_create_from_s3', { ...base, package: 'prefix/refused', ...args }),
    ).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('names keys that no package can hold', async () => {
    await world.ada.backend.objects.put({ bucket: 'lab-a', key: 'odd//double.txt' }, Buffer.from('x'))
    await world.ada.backend.objects.put({ bucket: 'lab-a', key: 'odd/plain.txt' }, Buffer.from('x'))
    const args = { ...base, source: 's3://lab-a/odd/', package: 'prefix/odd' }
    expect(await world.ada.fails('package_create_from_s3', args)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('1 keys cannot be paths of a package: "/double.txt"'),
    })
    expect(await world.ada.ok('package_create_from_s3', { ...args, keys: 'flatten' })).toMatchObject({ entries: 2 })
  })
})
