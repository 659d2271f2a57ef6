// npm run fuzz -- --messages 100000 --seed 7: the fuzz test for longer, or with another seed; --only n sends one message alone.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string' },
  },
})
console.log(`fuzz: ${values.only ? `message ${values.only}` : `${values.messages} messages`}, seed ${values.seed}`)
const env = { ...process.env, FUZZ_MESSAGES: values.messages, FUZZ_SEED: values.seed }
if (values.only) env.FUZZ_ONLY = values.only
const { status } = spawnSync('npx', ['vitest', 'run', 'e2e/fuzz/fuzz.test.ts'], { stdio: 'inherit', env })
process.exitCode = status ?? 1
