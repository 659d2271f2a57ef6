// npm run bench:http: requests a second over HTTP for a tool without upstream, tools/list, a browse and an object listing, in both
// eras, beside a bare SDK server and the Python peer on the same stack; and what a call costs the registry and S3.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startDemo } from '../../e2e/demo-process.mjs'
import { hasWrk } from '../peers/install.mjs'
import { report } from '../report.mjs'
import { casesFor, eras, requestOf, rightAnswer } from './cases.mjs'
import { load, rest } from './load.mjs'
import { floorFile, installedPeers, startServers, stopServers } from './servers.mjs'
import { countUpstream } from './upstream.mjs'
import { prepare } from './world.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '8' },
    cases: { type: 'string', default: 'light,list,browse,objects' },
    eras: { type: 'string', default: eras.join() },
    servers: { type: 'string', default: 'ours,floor,peer,browsingPeer' },
    check: { type: 'boolean', default: false },
  },
})
/** Against whom, at least how many times as much. */
const goals = {
  light: { floor: 0.9, peer: 4 },
  list: { peer: 30 },
  browse: { browsingPeer: 10 },
  objects: { peer: 10 },
}
const titles = { floor: 'the bare SDK', peer: 'the Python peer', browsingPeer: 'the Python peer' }
const mostUpstream = 2
/** A load goes on until there are so many answers, or for so long. */
const [enoughAnswers, slowSeconds] = [40, 15]

if (!hasWrk()) throw new Error('wrk is not installed: node bench/peers/install.mjs')
const has = installedPeers()
const present = { ours: true, floor: has.floor, peer: has.peer, browsingPeer: has.peer }
const servers = values.servers.split(',').filter((name) => present[name])
for (const name of ['floor', 'peer']) {
  if (!present[name])
    console.log(`${titles[name]} is not installed, its rows are missing: node bench/peers/install.mjs`)
}

/** Loads a server with one request; its answer is checked before and after, byte for byte, and its size meanwhile. */
async function measured(server, { question, era, seconds }, token) {
  await rest([server.pid, demo.pid])
  const request = requestOf(question, { era, token })
  const ask = () => rightAnswer(server.url, request, question.right)
  const before = await ask()
  const found = await load(server, request, { seconds, connections: Number(values.connections) })
  if ((await ask()) !== before) throw new Error(`${request.body.slice(0, 200)} was answered differently after the load`)
  // The rest are headers, and chunks where an answer is streamed.
  if (found.requests > 0 && (found.bytes < before.length || found.bytes > before.length + 800)) {
    throw new Error(`answers had ${found.bytes} bytes on average, and ${before.length} are right`)
  }
  return found
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const folder = mkdtempSync(join(tmpdir(), 'quilt-bench-http-'))
const demo = await startDemo()
const rows = []
try {
  const floor = has.floor ? await floorFile() : undefined
  const { bucket, token } = await prepare(demo)
  const world = { registryUrl: demo.registryUrl, s3Endpoint: demo.s3Endpoint, folder, floorFile: floor, token }
  const questions = casesFor(bucket)
  const asked = values.cases.split(',').flatMap((name) =>
    values.eras.split(',').flatMap((era) =>
      Object.entries(questions[name])
        .filter(([server]) => servers.includes(server))
        .map(([server, question]) => ({ name, era, server, question, seconds: Number(values.seconds), runs: [] })),
    ),
  )

  const running = await startServers(world, servers)
  try {
    // The first requests wait for compilers and imports: they do not count, but tell who needs longer for enough answers.
    for (const one of asked) {
      const { perSecond } = await measured(running[one.server], one, token)
      one.seconds = Math.max(one.seconds, Math.min(slowSeconds, Math.ceil(enoughAnswers / perSecond)))
    }
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const one of round % 2 ? asked.toReversed() : asked)
        one.runs.push(await measured(running[one.server], one, token))
    }
  } finally {
    await stopServers(running)
  }

  const upstream = await countUpstream(
    world,
    asked.filter(({ server }) => server !== 'floor'),
  )
  const of = (one, what) => median(one.runs.map((run) => run[what]))
  const rounded = (number, digits) => Number(number.toFixed(digits))
  console.table(
    asked.map((one) => ({
      case: one.name,
      era: one.era,
      server: one.server,
      'requests/s': rounded(of(one, 'perSecond'), 1),
      'p50, ms': rounded(of(one, 'p50'), 1),
      'p99, ms': rounded(of(one, 'p99'), 1),
      'CPU ms/request': rounded(of(one, 'cpuMs'), 2),
      'first upstream': upstream.get(one)?.first,
      'upstream/call': upstream.get(one)?.after,
    })),
  )
  for (const ours of asked.filter(({ server }) => server === 'ours')) {
    for (const other of asked) {
      const times = goals[ours.name][other.server]
      if (other.name !== ours.name || other.era !== ours.era || times === undefined) continue
      rows.push({
        name: `${ours.name}, ${ours.era}: requests/s, beside ${titles[other.server]}`,
        ours: of(ours, 'perSecond'),
        other: of(other, 'perSecond'),
        goal: `ours >= ${times} x`,
      })
    }
    const peer = asked.find(({ name, era, server }) => name === ours.name && era === ours.era && /peer/i.test(server))
    rows.push({
      name: `${ours.name}, ${ours.era}: upstream calls`,
      ours: upstream.get(ours).after,
      other: upstream.get(peer)?.after ?? Number.NaN,
      goal: `ours <= ${mostUpstream}`,
    })
  }
} finally {
  await demo.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = report('http', rows, values)
