// A process that writes revisions (manifest, pointer, latest) until it is killed. Says the name of each once all three are done.
import { fileStore } from '../packages/stores/file-store.js'
import { bytesOf } from './collect.js'

const [, , root = '', start = '0'] = process.argv
const store = fileStore({ root })
const pointers = '.quilt/named_packages/lab/data'

for (let n = Number(start); ; n += 1) {
  const hash = n.toString(16).padStart(64, '0')
  const latest = await store.read(`${pointers}/latest`)
  if (latest !== undefined) await bytesOf(latest.body)
  await store.write(`.quilt/packages/${hash}`, Buffer.alloc(50_000, hash), { expected: null })
  await store.write(`${pointers}/${1_700_000_000 + n}`, Buffer.from(hash), { expected: null })
  await store.write(`${pointers}/latest`, Buffer.from(hash), { expected: latest?.etag ?? null })
  process.stdout.write(`${n}\n`)
}
