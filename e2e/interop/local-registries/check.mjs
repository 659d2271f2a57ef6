// quilt3 and our core on local registries, each reading what the other wrote. One Python process, and this one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Loads a TypeScript module of this folder.
 * @param {string} name @param {string} folder where its bundle may lie */
async function load(name, folder) {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['quilt-mcp-source'],
    logLevel: 'warning',
  })
  return import(pathToFileURL(outfile).href)
}

/** quilt3 as one process that answers a word with a line.
 * @param {string} python @param {string} folder */
function startQuilt3(python, folder) {
  const child = spawn(python, [join(import.meta.dirname, 'quilt3_packages.py'), folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'home'),
      XDG_CACHE_HOME: join(folder, 'home'),
      QUILT_DISABLE_USAGE_METRICS: 'true',
      QUILT_MINIMIZE_STDOUT: 'true',
    },
  })
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints = (complaints + text).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit')
  return {
    /** @param {'build' | 'check'} word */
    async ask(word) {
      child.stdin.write(`${word}\n`)
      const answer = await Promise.race([once(lines, 'line'), ended.then(() => undefined)])
      if (answer === undefined) throw new Error(`quilt3 ended while it was to ${word}: ${complaints}`)
      return JSON.parse(answer[0])
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

/** @param {string} title @param {number} expected @param {{ names: string[], failures: Record<string, string> }} result */
function report(title, expected, { names, failures }) {
  const missing = expected - names.length
  for (const [name, message] of Object.entries(failures)) console.log(`  FAILED  ${name}: ${message}`)
  if (missing !== 0) console.log(`  FAILED  ${names.length} packages were found of ${expected}`)
  const failed = Object.keys(failures).length + Math.abs(missing)
  console.log(`  ${failed === 0 ? 'ok    ' : 'FAILED'}  ${title}: ${names.length} packages`)
  return { passed: names.length - Object.keys(failures).length, failed }
}

/** Runs the check and prints its summary.
 * @param {string} python an interpreter that has quilt3
 * @returns {Promise<number>} how many packages failed */
export async function checkLocalRegistries(python) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'quilt-local-registries-')))
  const quilt3 = startQuilt3(python, folder)
  try {
    const { readPackages } = await load('read-packages', folder)
    const { writePackages } = await load('write-packages', folder)
    const built = await quilt3.ask('build')
    const plain = await readPackages(join(folder, 'from-quilt3'))
    const checked = await readPackages(join(folder, 'from-quilt3-workflows'))
    const read = {
      names: [...plain.names, ...checked.names],
      failures: { ...plain.failures, ...checked.failures },
    }
    const results = [report('we read, re-hash and re-write byte for byte what quilt3 built', built, read)]
    const written = await writePackages(join(folder, 'from-core'), join(folder, 'data-core'))
    const title = 'quilt3 browses, verifies and installs what we wrote, with the same top hash and bytes'
    results.push(report(title, written, await quilt3.ask('check')))
    const failed = results.reduce((sum, result) => sum + result.failed, 0)
    console.log(
      `\ninterop, local registries: ${results.reduce((sum, { passed }) => sum + passed, 0)} passed, ${failed} failed`,
    )
    return failed
  } finally {
    await quilt3.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
