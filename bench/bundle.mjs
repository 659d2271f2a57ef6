// What is measured of our own sources: bundled, as users run them.
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles `contender.ts` of a benchmark's folder. @returns where it lies */
export async function bundledContender(folder) {
  const outfile = join(folder, 'dist/contender.mjs')
  await build({
    entryPoints: [join(folder, 'contender.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['quilt-mcp-source'],
    outfile,
    // Dependencies that are CommonJS ask for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return outfile
}
