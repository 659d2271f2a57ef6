// What is measured of our own sources, and the floor beside it: bundled, as users run them.
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles `contender.ts` of a benchmark's folder. @param external packages that are native, and are loaded from where they are
 * @returns where it lies */
export async function bundledContender(folder, external = []) {
  const outfile = join(folder, 'dist/contender.mjs')
  await build({
    entryPoints: [join(folder, 'contender.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['quilt-mcp-source'],
    outfile,
    external,
    // Dependencies that are CommonJS ask for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return outfile
}

/** Bundles `floor.ts` of a benchmark's folder: the bare SDK, as it is. @param nodePaths folders of packages that are not ours
 * @returns where it lies */
export async function bundledFloor(folder, nodePaths = []) {
  const outfile = join(folder, 'dist/floor.mjs')
  await build({
    entryPoints: [join(folder, 'floor.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    nodePaths: [...nodePaths, join(import.meta.dirname, '../packages/server/node_modules')],
  })
  return outfile
}
