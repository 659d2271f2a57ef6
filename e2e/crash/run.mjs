// npm run test:crash: pushes killed at 200 points, by a seed that is printed, and fifty writers of one package.
// `-- --points 600 --seed 7` asks for others.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
console.log(`test:crash: ${values.points} points, seed ${values.seed}`)
const { status } = spawnSync('npx', ['vitest', 'run', 'e2e/crash', 'e2e/concurrent-writers.test.ts'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, QUILT_CRASH_POINTS: values.points, QUILT_CRASH_SEED: values.seed, QUILT_WRITERS: '50' },
})
process.exitCode = status ?? 1
