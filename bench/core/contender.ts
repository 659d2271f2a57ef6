// One measurement of ours in a process of its own: `node contender.mjs <task> <files as JSON>` prints one line of JSON.
import { createHash } from 'node:crypto'
import { fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import {
  buildManifestIndex,
  createParallelSha256,
  diffManifests,
  type Entry,
  openManifest,
  openManifestIndex,
  openManifestIndexFrom,
  rewriteManifest,
  verifyManifest,
  writeManifest,
} from '../../packages/core/src/index.js'

interface Files {
  readonly manifest: string
  readonly later: string
  readonly object: string
}

const directory = 'data/batch-00003'
/** The index is bound to a name; a measured manifest has none. */
const topHash = '0'.repeat(64)
const chunkBytes = 1 << 18

/** The bytes of a file. The next chunk is read while one is used; two buffers take turns. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file)
  try {
    const buffers = [Buffer.alloc(chunkBytes), Buffer.alloc(chunkBytes)] as const
    let reading = handle.read(buffers[0], 0, chunkBytes)
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await reading
      if (bytesRead === 0) return
      reading = handle.read(turn % 2 === 0 ? buffers[0] : buffers[1], 0, chunkBytes)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

async function* entriesOf(file: string): AsyncGenerator<readonly Entry[]> {
  for await (const { entries } of (await openManifest(bytesOf(file))).lines) yield entries
}

/** What is measured, and an answer by which it is compared with the peer's. `again` is measured too, in the same process. */
interface Measurement {
  readonly answer: string | number
  readonly again?: () => string | number
}

const tasks: Readonly<Record<string, (files: Files) => Promise<Measurement>>> = {
  async list({ manifest }) {
    const index = openManifestIndex(await buildManifestIndex(bytesOf(manifest), { topHash }), { topHash })
    return { answer: index.list(directory)?.total ?? 0, again: () => index.list('data/batch-00005')?.total ?? 0 }
  },
  async listByIndex({ manifest }) {
    const { size } = statSync(manifest)
    const file = openSync(`${manifest}.index`, 'r')
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = Buffer.allocUnsafe(length)
      if (readSync(file, bytes, 0, length, offset) < length) throw new Error('the index became shorter')
      return bytes
    }
    const index = openManifestIndexFrom({ length: fstatSync(file).size, read }, { topHash, manifestBytes: size })
    return { answer: index.list(directory)?.total ?? 0 }
  },
  async scan({ manifest }) {
    let count = 0
    for await (const entries of entriesOf(manifest)) count += entries.length
    return { answer: count }
  },
  async topHash({ manifest }) {
    return { answer: (await verifyManifest(() => bytesOf(manifest), topHash)).topHash }
  },
  async diff({ manifest, later }) {
    const { changes } = await diffManifests(bytesOf(manifest), bytesOf(later))
    return { answer: changes.length }
  },
  async write({ manifest }) {
    const file = await open(`${manifest}.ours`, 'w')
    for await (const chunk of rewriteManifest(bytesOf(manifest), {})) await file.write(chunk)
    await file.close()
    return { answer: statSync(`${manifest}.ours`).size }
  },
  /** The long way: through entries, as for a package that is new. */
  async writeEntries({ manifest }) {
    const { header, lines } = await openManifest(bytesOf(manifest))
    const entries = (async function* () {
      for await (const batch of lines) yield batch.entries
    })()
    const file = await open(`${manifest}.ours`, 'w')
    for await (const chunk of writeManifest({ header, entries })) await file.write(chunk)
    await file.close()
    return { answer: statSync(`${manifest}.ours`).size }
  },
  async sha256({ object }) {
    const file = await open(object)
    const { size } = await file.stat()
    const fill = async (into: Uint8Array, start: number): Promise<void> => {
      const { bytesRead } = await file.read(into, 0, into.length, start)
      if (bytesRead < into.length) throw new Error('the object became shorter')
    }
    const { value } = await createParallelSha256({ concurrency: availableParallelism() + 1 }).hash({ size, fill })
    await file.close()
    return { answer: value }
  },
  /** A floor: the bytes and one plain hash over them, nothing else. */
  async floor({ manifest }) {
    const hash = createHash('sha256')
    for await (const chunk of bytesOf(manifest)) hash.update(chunk)
    return { answer: hash.digest('hex') }
  },
}

const [task = '', files = '{}'] = process.argv.slice(2)
const run = tasks[task]
if (run === undefined) throw new Error(`there is no task ${task}`)
const input = JSON.parse(files) as Files
const started = performance.now()
const { answer, again } = await run(input)
const ms = performance.now() - started
let againMs: number | undefined
if (again !== undefined) {
  const from = performance.now()
  again()
  againMs = performance.now() - from
}
const peakMb = (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024) / 1e6
// For `listByIndex`: what a first look leaves behind. Not measured.
if (task === 'list') {
  await writeFile(`${input.manifest}.index`, await buildManifestIndex(bytesOf(input.manifest), { topHash }))
}
console.log(JSON.stringify({ answer, ms, againMs, peakMb }))
