// npm run fuzz -- --messages 100000 --seed 7: the fuzz test for longer, or with another seed; --from n begins at message n.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    from: { type: 'string', default: '0' },
  },
})
console.log(`fuzz: ${values.messages} messages from ${values.from}, seed ${values.seed}`)
const env = { ...process.env, FUZZ_MESSAGES: values.messages, FUZZ_SEED: values.seed, FUZZ_FROM: values.from }
const { status } = spawnSync('npx', ['vitest', 'run', 'e2e/fuzz/fuzz.test.ts'], { stdio: 'inherit', env })
process.exitCode = status ?? 1
