// npm run bench:start: how long a client waits for its first answers, beside a bare SDK server and the Python peer.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundledFloor } from '../bundle.mjs'
import { pythonPeer } from '../peers/install.mjs'
import { report } from '../report.mjs'
import { measureStart } from './contender.mjs'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, check: { type: 'boolean', default: false } },
})
const root = join(import.meta.dirname, '../..')
const floorFile = await bundledFloor(import.meta.dirname)

const contenders = {
  ours: { command: process.execPath, args: [join(root, 'packages/server/dist/cli.js')] },
  floor: { command: process.execPath, args: [floorFile] },
  ...(existsSync(pythonPeer.command) && {
    python: {
      command: pythonPeer.command,
      args: ['--deployment', 'legacy'],
      env: { QUILT_CATALOG_URL: 'https://open.quiltdata.com' },
    },
  }),
}
if (!contenders.python) console.log('The Python peer is not installed: node bench/peers/install.mjs')

const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
for (let round = 0; round < Number(values.rounds); round++) {
  const order = Object.keys(contenders)
  if (round % 2) order.reverse()
  for (const name of order) runs[name].push(await measureStart(contenders[name]))
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const of = (name, what) => runs[name] && median(runs[name].map((run) => run[what]))
const rows = [
  {
    name: 'initialize, ms, beside the floor',
    ours: of('ours', 'initializeMs'),
    other: of('floor', 'initializeMs'),
    goal: 'ours <= 1.5 x',
  },
  {
    name: 'tools/list, ms, beside the floor',
    ours: of('ours', 'toolsMs'),
    other: of('floor', 'toolsMs'),
    goal: 'ours <= 1.5 x',
  },
  {
    name: 'peak RSS, MB, beside the floor',
    ours: of('ours', 'peakMb'),
    other: of('floor', 'peakMb'),
    goal: 'ours < 100',
  },
  ...(runs.python
    ? [
        {
          name: 'initialize, ms, beside the Python peer',
          ours: of('ours', 'initializeMs'),
          other: of('python', 'initializeMs'),
          goal: 'ours <= 0.1 x',
        },
        {
          name: 'tools/list, ms, beside the Python peer',
          ours: of('ours', 'toolsMs'),
          other: of('python', 'toolsMs'),
          goal: 'ours <= 0.1 x',
        },
        {
          name: 'peak RSS, MB, beside the Python peer',
          ours: of('ours', 'peakMb'),
          other: of('python', 'peakMb'),
          goal: 'ours < 100',
        },
      ]
    : []),
]
process.exitCode = report('start', rows, { rounds: Number(values.rounds), check: values.check })
