// A process that pushes revisions of one package to a local registry, as its rivals do. Says the top hash of each that was made.
import { QuiltError } from '@quilt-mcp/core'
import { localBackend } from '../local.js'

const [, , root = '', name = '', rounds = 'Infinity'] = process.argv
const { objects, packages } = localBackend({ registries: [{ name: 'local', root }] })
const ref = { bucket: 'local', name: 'lab/data' }
await objects.put({ bucket: 'local', key: `${name}.txt` }, Buffer.from(name))
const entries = [{ logicalKey: 'a.txt', physicalKey: `s3://local/${name}.txt` }]

const unless = async <T>(code: string, call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call
  } catch (error) {
    if (error instanceof QuiltError && error.code === code) return undefined
    throw error
  }
}

for (let n = 0; n < Number(rounds); ) {
  const latest = await unless('not_found', packages.resolve(ref))
  const plan = { ...ref, entries, message: `${name} ${n}`, base: latest?.topHash ?? null }
  const pushed = await unless('conflict', packages.push(plan))
  if (pushed === undefined) continue
  process.stdout.write(`${pushed.revision.topHash}\n`)
  n += 1
}
