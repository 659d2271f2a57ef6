// npm run bench:backends: list, browse, diff, read and update a package of 10^4 entries on each backend, quilt3 8.0.0 beside it:
// milliseconds in a fresh process after the imports, and requests that went to the registry and to S3.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { startDemo } from '../../e2e/demo-process.mjs'
import { bundledContender } from '../bundle.mjs'
import { quilt3Peer } from '../peers/install.mjs'
import { report } from '../report.mjs'
import { countingProxy } from './counting-proxy.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
    entries: { type: 'string', default: '10000' },
    backends: { type: 'string', default: 'platform,session,iam,local' },
    tasks: { type: 'string', default: 'list,browse,diff,read,update' },
  },
})
const bundle = await bundledContender(import.meta.dirname)
const hasPeer = existsSync(quilt3Peer.command)
if (!hasPeer) console.log('quilt3 is not installed: node bench/peers/install.mjs')

const folder = mkdtempSync(join(tmpdir(), 'quilt-bench-backends-'))
const demo = await startDemo()
const proxies = [await countingProxy(demo.registryUrl), await countingProxy(demo.s3Endpoint)]
const [registryUrl, s3Endpoint] = proxies.map(({ url }) => url)
const { token, bucket } = demo.users.ada
const headers = { authorization: `Bearer ${token}` }
const issued = await (await fetch(`${demo.registryUrl}/api/auth/get_credentials`, { headers })).json()
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  XDG_DATA_HOME: join(folder, 'data'),
  AWS_ACCESS_KEY_ID: issued.AccessKeyId,
  AWS_SECRET_ACCESS_KEY: issued.SecretAccessKey,
  AWS_SESSION_TOKEN: issued.SessionToken,
  AWS_ENDPOINT_URL: s3Endpoint,
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  QUILT_DISABLE_USAGE_METRICS: 'true',
  QUILT_MINIMIZE_STDOUT: 'true',
  // Manifests that quilt3 has kept from the last round would not be read again; ours start with nothing either.
  QUILT_DISABLE_CACHE: 'true',
}

/** Runs one process to its end. The proxies need this one's event loop meanwhile. */
async function measured(command, args) {
  for (const proxy of proxies) proxy.taken()
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, complaints] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    complaints = (complaints + text).slice(-2_000)
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${args.slice(-3).join(' ')} ended with ${status}: ${complaints}`)
  const calls = proxies.reduce((sum, proxy) => sum + proxy.taken(), 0)
  return { ...JSON.parse(out.trim().split('\n').at(-1)), calls }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const rows = []
try {
  const local = join(folder, 'registry')
  mkdirSync(local)
  const world = { registryUrl, s3Endpoint, token, bucket, folder: local, entries: Number(values.entries) }
  const ours = (backend, task) => measured(process.execPath, [bundle, backend, task, JSON.stringify(world)])
  const theirs = (registry, task) =>
    measured(quilt3Peer.command, [join(import.meta.dirname, 'quilt3_contender.py'), registry, task])
  await ours('platform', 'seed')
  await ours('local', 'seed')
  for (const backend of values.backends.split(',')) {
    const registry = backend === 'local' ? pathToFileURL(local).href : `s3://${bucket}`
    for (const task of values.tasks.split(',')) {
      const runs = { ours: [], quilt3: [] }
      for (let round = 0; round < Number(values.rounds); round++) {
        const turns = [
          async () => runs.ours.push(await ours(backend, task)),
          async () => hasPeer && runs.quilt3.push(await theirs(registry, task)),
        ]
        for (const turn of round % 2 ? turns.toReversed() : turns) await turn()
      }
      const answers = new Set([...runs.ours, ...runs.quilt3].map(({ answer }) => answer))
      if (answers.size !== 1) throw new Error(`${backend} ${task}: the answers differ: ${[...answers].join(', ')}`)
      const of = (who, what) => (runs[who].length === 0 ? Number.NaN : median(runs[who].map((run) => run[what])))
      rows.push({
        name: `${backend}: ${task}, ms`,
        ours: of('ours', 'ms'),
        other: of('quilt3', 'ms'),
        goal: 'ours <= 1 x',
      })
      rows.push({
        name: `${backend}: ${task}, calls`,
        ours: of('ours', 'calls'),
        other: of('quilt3', 'calls'),
        goal: 'ours <= 1 x',
      })
    }
  }
} finally {
  for (const proxy of proxies) proxy.stop()
  await demo.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = report('backends', rows, values)
