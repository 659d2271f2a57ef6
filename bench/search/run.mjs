// npm run bench:search: the index built and searched, beside a full scan by ripgrep and DuckDB over the same manifests.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundledContender } from '../bundle.mjs'
import { duckdbPeer, hasRipgrep } from '../peers/install.mjs'
import { report } from '../report.mjs'
import { makeRegistry } from './catalogue.mjs'
import { queries } from './queries.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '100000,1000000' },
    folder: { type: 'string', default: join(tmpdir(), 'quilt-mcp-bench-search') },
    all: { type: 'boolean', default: false },
  },
})
const bundle = await bundledContender(import.meta.dirname, ['libsql'])
const compared = queries.filter(({ peers }) => peers !== undefined)

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-2_000)}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

/** The n-th percentile of some numbers. */
const percentile = (numbers, n) => numbers.toSorted((a, b) => a - b)[Math.ceil((numbers.length * n) / 100) - 1]
const times = (answers) => answers.flatMap(({ ms }) => ms)

/** How many lines fit, and how long the whole scan takes, the start of the process included. */
function ripgrep(folder, pattern) {
  const from = performance.now()
  const { stdout } = spawnSync(
    'rg',
    ['--count', '--no-filename', '--hidden', pattern, join(folder, '.quilt/packages')],
    {
      encoding: 'utf8',
      maxBuffer: 1e8,
    },
  )
  const ms = performance.now() - from
  return { total: stdout.split('\n').reduce((sum, count) => sum + Number(count), 0), ms: [ms] }
}

/** The peers' answers must be ours. */
function same(peer, ours, theirs) {
  for (const [at, { text }] of compared.entries())
    if (ours[at].total !== theirs[at].total)
      throw new Error(`${text}: ours finds ${ours[at].total}, ${peer} ${theirs[at].total}`)
}

const rows = []
for (const size of values.sizes.split(',').map(Number)) {
  const folder = join(values.folder, String(size))
  const packages = makeRegistry(folder, size)
  const indexFolder = `${folder}-index`
  rmSync(indexFolder, { recursive: true, force: true })
  const goal = (text) => (size < 1_000_000 ? 'ours >= 0' : text)

  const built = run(process.execPath, [bundle, 'build', folder, indexFolder])
  const again = run(process.execPath, [bundle, 'build', folder, indexFolder])
  const { answers, peakMb } = run(process.execPath, [
    bundle,
    'search',
    folder,
    indexFolder,
    JSON.stringify(queries),
    values.rounds,
  ])
  const name = `${size} entries`
  const alone = (what, ours, goal) => rows.push({ name: `${name}: ${what}`, ours, other: Number.NaN, goal })
  alone('built, entries a second', size / (built.ms / 1_000), 'ours >= 50000')
  alone('the same without our own work: SQLite alone, entries a second', size / (built.sqliteMs / 1_000), 'ours >= 0')
  alone('index, bytes an entry', built.bytes / size, goal('ours < 600'))
  alone('peak RSS while it is built, MB', built.peakMb, goal('ours < 300'))
  alone(`nothing changed in ${packages} packages, ms`, again.ms, goal('ours < 2000'))
  alone(`${queries.length} searches, p50, ms`, percentile(times(answers), 50), goal('ours < 100'))
  alone(`${queries.length} searches, p99, ms`, percentile(times(answers), 99), 'ours < 100')
  alone('peak RSS of searching, MB', peakMb, goal('ours < 300'))
  if (values.all)
    console.table(
      queries.map(({ text, scope = 'entries' }, at) => ({
        scope,
        text,
        found: answers[at].total,
        ms: percentile(answers[at].ms, 50),
      })),
    )

  const ours = answers.filter((_, at) => queries[at].peers !== undefined)
  const beside = (peer, theirs) => {
    same(peer, ours, theirs)
    for (const n of [50, 99])
      rows.push({
        name: `${name}: ${compared.length} of them, p${n}, ms, beside ${peer}`,
        ours: percentile(times(ours), n),
        other: percentile(times(theirs), n),
        goal: 'ours <= 1 x',
      })
  }
  if (hasRipgrep())
    beside(
      'ripgrep',
      compared.map(({ peers }) => ripgrep(folder, peers.lines)),
    )
  else console.log('ripgrep is not installed: node bench/peers/install.mjs')
  if (existsSync(duckdbPeer.folder)) {
    const conditions = JSON.stringify(compared.map(({ peers }) => peers.sql))
    beside(
      'DuckDB',
      run(process.execPath, [join(import.meta.dirname, 'duckdb_contender.mjs'), duckdbPeer.folder, folder, conditions])
        .answers,
    )
  } else console.log('DuckDB is not installed: node bench/peers/install.mjs')
}

process.exitCode = report('search', rows, { rounds: values.rounds, check: values.check })
