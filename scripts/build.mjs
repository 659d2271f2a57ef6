// npm run build: bundles the command into packages/server/dist. What is imported lazily becomes a chunk of its own,
// so that a start loads only what a start needs (design 6).
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
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

/**
 * A file that imports from a package's door makes esbuild load all that anybody takes through that door: a start would read YAML
 * and JSON Schema validators because a push needs them. So imports from core go to the files behind the door.
 */
const behindTheDoor = {
  name: 'behind-the-door',
  async setup({ onLoad }) {
    const core = join(root, 'packages/core/src')
    const fileOf = new Map(
      [...(await readFile(join(core, 'index.ts'), 'utf8')).matchAll(/^export \{([^}]*)\} from '(.*)\.js'$/gm)].flatMap(
        ([, names, file]) => valuesIn(names).map((name) => [name, join(core, `${file}.ts`)]),
      ),
    )
    onLoad({ filter: /packages[\\/](backends|search-index|server|stack)[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8')).replace(/^import \{([^}]*)\} from '@quilt-mcp\/core'$/gm, (_, names) =>
        valuesIn(names)
          .map((name) => `import { ${name} } from ${JSON.stringify(fileOf.get(name.split(' as ')[0]))}`)
          .join(';'),
      ),
    }))
  },
}

/** The names in a list of imports or exports that are not types. */
const valuesIn = (names) =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))

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
  plugins: [oneLanguage, behindTheDoor],
  metafile: true,
  logLevel: 'warning',
})
await chmod(join(outdir, 'cli.js'), 0o755)
// What each file is made of: read by the test that keeps the start light.
await writeFile(join(outdir, 'metafile.json'), JSON.stringify(metafile))
