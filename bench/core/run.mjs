// npm run bench:core: manifests of any size and hashing, ours beside quilt3 8.0.0, each measurement in its own process.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundledContender } from '../bundle.mjs'
import { quilt3Peer } from '../peers/install.mjs'
import { report } from '../report.mjs'
import { makeManifest } from './manifest.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '10000,100000,1000000' },
    tasks: { type: 'string', default: 'list,listByIndex,scan,topHash,diff,write,writeEntries,sha256' },
    mebibytes: { type: 'string', default: '1024' },
    folder: { type: 'string', default: join(tmpdir(), 'quilt-mcp-bench-core') },
  },
})
const rounds = Number(values.rounds)
const wanted = values.tasks.split(',')
const bundle = await bundledContender(import.meta.dirname)
const commands = {
  ours: [process.execPath, [bundle]],
  ...(existsSync(quilt3Peer.command) && {
    quilt3: [quilt3Peer.command, [join(import.meta.dirname, 'quilt3_contender.py')]],
  }),
}
if (!commands.quilt3) console.log('quilt3 is not installed: node bench/peers/install.mjs')

function measure([command, args], task, files) {
  const env = {
    PATH: process.env.PATH,
    HOME: values.folder,
    QUILT_MINIMIZE_STDOUT: 'true',
    XDG_DATA_HOME: values.folder,
  }
  const { status, stdout, stderr } = spawnSync(command, [...args, task, JSON.stringify(files)], {
    env,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (status !== 0) throw new Error(`${command} ${task} ended with ${status}: ${stderr.slice(-2_000)}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Medians of both, measured in turn. They must have found the same. */
function compare(task, files, names = Object.keys(commands)) {
  const runs = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) runs[name].push(measure(commands[name], task, files))
  }
  const answers = new Set(names.flatMap((name) => runs[name].map(({ answer }) => answer)))
  if (answers.size !== 1) throw new Error(`${task}: the answers differ: ${[...answers].join(', ')}`)
  const of = (name, what) => runs[name] && median(runs[name].map((run) => run[what]))
  return { of }
}

// The goals hold at a million entries; below, the time is the start of two interpreters.
const aMillion = {
  list: 'ours <= 0.025 x',
  scan: 'ours <= 0.0667 x',
  topHash: 'ours <= 0.1 x',
  diff: 'ours <= 0.0667 x',
  write: 'ours <= 0.1 x',
  writeEntries: 'ours <= 0.1 x',
}
const titles = {
  list: 'list a directory, first time',
  scan: 'full scan',
  topHash: 'top hash',
  diff: 'diff, 1 % changed',
  write: 'write again, from its lines',
  writeEntries: 'write, from its entries',
}
const rows = []

for (const entries of values.sizes.split(',').map(Number)) {
  const files = {
    manifest: join(values.folder, `${entries}.jsonl`),
    later: join(values.folder, `${entries}-later.jsonl`),
  }
  await makeManifest(files.manifest, entries)
  await makeManifest(files.later, entries, { laterRevision: true })
  for (const task of Object.keys(aMillion).filter((name) => wanted.includes(name))) {
    const { of } = compare(task, files)
    const name = `${entries}: ${titles[task]}`
    const [theirMs, theirMb] = [of('quilt3', 'ms') ?? Number.NaN, of('quilt3', 'peakMb') ?? Number.NaN]
    rows.push({
      name: `${name}, ms`,
      ours: of('ours', 'ms'),
      other: theirMs,
      goal: entries < 1_000_000 ? 'ours <= 1 x' : aMillion[task],
    })
    rows.push({ name: `${name}, peak RSS, MB`, ours: of('ours', 'peakMb'), other: theirMb, goal: 'ours < 200' })
    if (task !== 'list') continue
    rows.push({
      name: `${entries}: list with the index in memory, ms`,
      ours: of('ours', 'againMs'),
      other: theirMs,
      goal: 'ours < 10',
    })
    if (!wanted.includes('listByIndex')) continue
    const byIndex = compare('listByIndex', files, ['ours'])
    rows.push({
      name: `${entries}: list with the index on disk, new process, ms`,
      ours: byIndex.of('ours', 'ms'),
      other: theirMs,
      goal: 'ours < 10',
    })
  }
}

if (wanted.includes('sha256')) {
  const mebibytes = Number(values.mebibytes)
  const object = join(values.folder, `${mebibytes}-MiB`)
  if (!existsSync(object)) {
    mkdirSync(values.folder, { recursive: true })
    const out = openSync(object, 'w')
    for (let index = 0; index < mebibytes; index++) writeSync(out, Buffer.alloc(1_048_576, `${index} quilt`))
  }
  const { of } = compare('sha256', { object })
  const speed = (ms) => (mebibytes * 1.048576) / (ms / 1_000)
  const started = performance.now()
  spawnSync('openssl', ['dgst', '-sha256', object])
  const opensslMs = performance.now() - started
  rows.push({
    name: `sha2-256-chunked of ${mebibytes} MiB, MB/s`,
    ours: speed(of('ours', 'ms')),
    other: speed(of('quilt3', 'ms') ?? Number.NaN),
    goal: 'ours >= 1 x',
  })
  rows.push({
    name: 'the same beside openssl dgst -sha256 (one core), MB/s',
    ours: speed(of('ours', 'ms')),
    other: speed(opensslMs),
    goal: 'ours >= 1 x',
  })
}

process.exitCode = report('core', rows, { rounds, check: values.check })
