// npm run bench:tenants: a hundred tenants at one server, on two stacks that are disturbed; every byte of every answer, and every log
// line, is searched for what is another's. --plant lets one tenant come with another's token: then it has to fail.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { report } from '../report.mjs'

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '100' },
    calls: { type: 'string', default: '10000' },
    concurrency: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    check: { type: 'boolean', default: false },
    plant: { type: 'boolean', default: false },
  },
})
const outfile = join(import.meta.dirname, 'dist/stress.mjs')
await build({
  entryPoints: [join(import.meta.dirname, 'stress.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['quilt-mcp-source'],
  external: ['libsql'],
  outfile,
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  // e2e/world.ts finds the built server beside itself.
  define: { 'import.meta.dirname': JSON.stringify(join(import.meta.dirname, '../../e2e')) },
})
const { stress } = await import(pathToFileURL(outfile).href)

const [tenants, calls, concurrency, seed] = ['tenants', 'calls', 'concurrency', 'seed'].map((name) =>
  Number(values[name]),
)
console.log(`${tenants} tenants, ${calls} calls, ${concurrency} at once, seed ${seed}`)
const found = await stress({ tenants, calls, concurrency, seed, plant: values.plant, onProgress: console.log })

console.table(Object.fromEntries(found.rows.map(({ call, ...counts }) => [call, counts])))
for (const [title, findings] of [
  ['crossing', found.crossings],
  ['wrong', found.wrong],
]) {
  for (const { what, call, tenant, index } of findings.first)
    console.log(`${title}: tenant ${tenant}, call ${index}, ${call}: ${what}`)
}
for (const leak of found.leaks.slice(0, 20)) console.log(`leak: ${leak}`)
const { warmUp, http, stdio } = found.calls
console.log(
  `${warmUp} calls to warm up, then ${http} over HTTP and ${stdio} over stdio in ${found.seconds.toFixed(0)} s; ` +
    `${found.upstream.requests} requests upstream, ${found.upstream.disturbed} of them failed on purpose; ${found.logLines} log lines`,
)
console.table({ 'at rest, after the warm-up': found.before, 'at rest, after all': found.after })

const none = (name, ours) => ({ name, ours, other: Number.NaN, goal: 'ours <= 0' })
const { before, after } = found
const own = found.rows.filter(({ refused }) => refused === 0)
const sum = (what) => own.reduce((all, row) => all + row[what], 0)
process.exitCode = report(
  'tenants',
  [
    none('crossings', found.crossings.count),
    none('leaks', found.leaks.length),
    none('answers that are wrong otherwise', found.wrong.count),
    {
      name: 'own calls served, %',
      ours: (100 * sum('ok')) / (sum('ok') + sum('failed')),
      other: 100,
      goal: 'ours >= 90',
    },
    {
      name: 'RSS at rest, MiB, after all beside after the warm-up',
      ours: after.rssMiB,
      other: before.rssMiB,
      goal: 'ours <= 1.25 x',
    },
    {
      name: 'open files, after all beside after the warm-up',
      ours: after.openFiles,
      other: before.openFiles,
      goal: 'ours <= 1.25 x',
    },
    { name: 'backends open, beside tenants', ours: after.backendsOpen, other: tenants, goal: 'ours <= 1 x' },
    none('requests under way', after.requestsUnderWay),
  ],
  { rounds: 1, check: values.check },
)
