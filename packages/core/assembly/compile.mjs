// Compiles the module of this folder. `node packages/core/assembly/compile.mjs` writes it where the package finds it; a
// test holds the two equal.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const target = join(import.meta.dirname, '../src/manifest/ordinary-lines/wasm.ts')
const options = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd']
const memory = ['--initialMemory', '16', '--maximumMemory', '16']

/** The text of the file that holds the compiled module. */
export async function compiledFile() {
  let bytes = new Uint8Array()
  const { error, stderr } = await asc.main(['module.ts', ...options, ...memory, '--outFile', 'module.wasm'], {
    readFile(name) {
      try {
        return readFileSync(join(import.meta.dirname, name), 'utf8')
      } catch {
        // The compiler asks for a file in several places.
        return null
      }
    },
    writeFile(_name, contents) {
      bytes = Buffer.from(contents)
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`the module does not compile: ${stderr.toString()}`, { cause: error })
  const base64 = Buffer.from(bytes).toString('base64')
  const head = '// Made from packages/core/assembly by `node packages/core/assembly/compile.mjs`; do not edit.'
  return `${head}\n\n/** A WebAssembly module: see its source for what it exports. */\nexport const wasmBase64 =\n  '${base64}'\n`
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, await compiledFile())
