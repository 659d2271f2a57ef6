// npm run build: bundles the command into packages/server/dist. What is imported lazily becomes a chunk of its own,
// so that a start loads only what a start needs (design 6).
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { outdir: { type: 'string', default: join(root, 'packages/server/dist') } } })
const outdir = resolve(values.outdir)

/** zod carries its messages in 50 languages; we speak one. They were 400 KB of every start. */
const oneLanguage = {
  name: 'one-language',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/][\w-]+\.js$/ }, ({ path }) =>
      /[\\/](en|index)\.js$/.test(path)
        ? undefined
        : { contents: 'export default () => ({ localeError: () => undefined })' },
    )
  },
}

await rm(outdir, { recursive: true, force: true })
await mkdir(outdir, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'packages/server/src/cli/main.ts' },
  outdir,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['quilt-mcp-source'],
  // The ES modules of the AWS SDK: a dynamic import of its CommonJS form would have no named exports.
  mainFields: ['module', 'main'],
  // Less to parse at a start; names stay, for the stacks in the log.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // libsql is native; vega-datasets is data that is read from its own folder.
  external: ['libsql', 'vega-datasets'],
  alias: { '@modelcontextprotocol/server/_shims': './scripts/sdk-shims.mjs' },
  // CommonJS packages call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [oneLanguage],
  metafile: true,
  logLevel: 'warning',
})
await chmod(join(outdir, 'cli.js'), 0o755)
// What each file is made of: read by the test that keeps the start light.
await writeFile(join(outdir, 'metafile.json'), JSON.stringify(metafile))
