// npm run bench:write: packages of many small files made from objects where they lie, from files that are uploaded, and in a local
// registry; quilt3 8.0.0 beside it in the same place. Time in a fresh process after the imports, its peak RSS, and, in a run of their
// own, the requests that went to registry and S3.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { countingProxy } from '../backends/counting-proxy.mjs'
import { bundledContender } from '../bundle.mjs'
import { motoPeer, quilt3Peer } from '../peers/install.mjs'
import { report } from '../report.mjs'
import { localPlace, motoPlace, stackPlace } from './places.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '1000,10000' },
    places: { type: 'string', default: 'stack,moto,local' },
    tasks: { type: 'string', default: 'fromS3,upload,inPlace' },
    bytes: { type: 'string', default: '1000' },
    // quilt3 is left out above, where one run of it takes over ten minutes.
    'peer-up-to': { type: 'string', default: '10000' },
    // Options for node when it runs ours: --cpu-prof.
    node: { type: 'string', default: '' },
  },
})
const sizes = values.sizes.split(',').map(Number)
const rounds = Number(values.rounds)
const wanted = values.tasks.split(',')
const bundle = await bundledContender(import.meta.dirname)
const hasPeer = existsSync(quilt3Peer.command)
if (!hasPeer || !existsSync(motoPeer.command)) console.log('peers are not installed: node bench/peers/install.mjs')
const quilt3Program = join(import.meta.dirname, 'quilt3_contender.py')

const home = mkdtempSync(join(tmpdir(), 'quilt-bench-write-'))
const root = join(home, 'registry')
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Where the files of one size lie: in the local registry's folder, so that they need not be copied there. */
const filesOf = (size) => join(root, `files-${size}`)
const prefixOf = (size) => `objects-${size}/`

function writeFiles(size) {
  for (let index = 0; index < size; index++) {
    const folder = join(filesOf(size), `batch-${String(index % 100).padStart(2, '0')}`)
    if (index < 100) mkdirSync(folder, { recursive: true })
    const text = `${index} `.repeat(Number(values.bytes)).slice(0, Number(values.bytes))
    writeFileSync(join(folder, `${String(index).padStart(6, '0')}.txt`), text)
  }
}

/** Runs one process to its end. @param {() => number} [taken] requests so far, asked when the push is done */
async function measured(command, args, env, taken = () => Number.NaN) {
  const child = spawn(command, args, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, complaints, calls] = ['', '', Number.NaN]
  child.stdout.on('data', (text) => {
    if (Number.isNaN(calls)) calls = taken()
    out += text
  })
  child.stderr.on('data', (text) => {
    complaints = (complaints + text).slice(-2_000)
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${args.slice(-3).join(' ')} ended with ${status}: ${complaints}`)
  return { ...JSON.parse(out.trim().split('\n').at(-1)), calls }
}

/** Who pushes, and how one such process is run. The name of the package is new each time. */
function contenders(place, task, size) {
  let runs = 0
  const world = (urls) => {
    runs += 1
    const named = {
      name: `bench/${task}-${size}-${Date.now()}-${runs}`,
      prefix: prefixOf(size),
      folder: filesOf(size),
      root,
    }
    return JSON.stringify({ ...place.world, ...urls, ...named })
  }
  const options = values.node === '' ? [] : values.node.split(' ')
  const ours = place.backends.map((backend) => ({
    who: backend,
    run: (urls, taken) =>
      measured(process.execPath, [...options, bundle, backend, task, world(urls)], place.env(urls), taken),
  }))
  const run = (urls, taken) =>
    measured(quilt3Peer.command, [quilt3Program, place.registry, task, world(urls)], place.env(urls), taken)
  return hasPeer && size <= Number(values['peer-up-to']) ? [...ours, { who: 'quilt3', run }] : ours
}

/** Requests of one run, through proxies that count them. */
async function callsOf(place, { run }) {
  const names = Object.keys(place.upstreams)
  const proxies = await Promise.all(names.map((name) => countingProxy(place.upstreams[name])))
  try {
    const urls = Object.fromEntries(names.map((name, index) => [name, proxies[index].url]))
    return (await run(urls, () => proxies.reduce((sum, proxy) => sum + proxy.taken(), 0))).calls
  } finally {
    for (const proxy of proxies) proxy.stop()
  }
}

const titles = { fromS3: 'objects where they lie', upload: 'files uploaded', inPlace: 'files where they lie' }
const rows = []
/** Peak RSS of ours at 10,000, by what was measured: at more it must stay near it. */
const peaks = new Map()

async function compare(place, task, size) {
  const all = contenders(place, task, size)
  const runs = new Map(all.map(({ who }) => [who, []]))
  // What takes minutes is measured once.
  const times = size > 10_000 ? 1 : rounds
  for (let round = 0; round < times; round++)
    for (const { who, run } of round % 2 ? all.toReversed() : all) runs.get(who).push(await run(place.upstreams))
  const answers = new Set([...runs.values()].flat().map(({ answer }) => answer))
  if (answers.size !== 1) throw new Error(`${place.name} ${task}: the packages differ: ${[...answers].join(', ')}`)
  const calls = new Map()
  if (size <= 10_000 && place.upstreams.s3Endpoint)
    for (const contender of all) calls.set(contender.who, await callsOf(place, contender))
  const of = (who, what) => (runs.has(who) ? median(runs.get(who).map((run) => run[what])) : Number.NaN)
  const times3 = place.name === 'local registry' ? 'ours <= 0.5 x' : 'ours <= 0.3333 x'
  for (const backend of place.backends) {
    const name = `${place.name}, ${backend}, ${titles[task]}, ${size}`
    const [ours, other] = [of(backend, 'ms'), of('quilt3', 'ms')]
    rows.push({ name: `${name}: ms`, ours, other, goal: size < 10_000 ? 'ours <= 1 x' : times3 })
    const peak = of(backend, 'peakMb')
    const before = peaks.get(`${place.name} ${backend} ${task}`)
    rows.push({ name: `${name}: peak RSS, MB`, ours: peak, other: of('quilt3', 'peakMb'), goal: 'ours <= 1 x' })
    if (size === 10_000) peaks.set(`${place.name} ${backend} ${task}`, peak)
    if (size > 10_000 && before !== undefined)
      rows.push({
        name: `${name}: peak RSS beside that at 10,000, MB`,
        ours: peak,
        other: before,
        goal: 'ours <= 1.5 x',
      })
    if (calls.size > 0)
      rows.push({
        name: `${name}: requests`,
        ours: calls.get(backend),
        other: calls.get('quilt3') ?? Number.NaN,
        goal: 'ours <= 1 x',
      })
  }
  for (const row of rows.slice(-4)) console.log(`${row.name}: ${row.ours} / ${row.other}`)
}

const makers = {
  stack: () => stackPlace(home),
  moto: () => motoPlace(home),
  local: () => localPlace(home, root),
}
try {
  for (const size of sizes) writeFiles(size)
  for (const which of values.places.split(',')) {
    const place = await makers[which]()
    try {
      for (const size of sizes) {
        const tasks = place.tasks.filter((task) => wanted.includes(task))
        if (tasks.includes('fromS3')) {
          const args = [place.world.bucket, prefixOf(size), String(size), values.bytes]
          await measured(
            quilt3Peer.command,
            [join(import.meta.dirname, 'seed.py'), ...args],
            place.env(place.upstreams),
          )
        }
        for (const task of tasks) await compare(place, task, size)
      }
    } finally {
      await place.stop()
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
process.exitCode = report('write', rows, values)
