// Runs pushers in processes of their own, and has them killed at the point that is wanted.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { keepLog } from '../logs.js'
import type { CrashedPackage } from './plan.js'
import type { KillPoint } from './points.js'
import type { CrashWorld } from './worlds.js'

/** Bundles the pusher for plain node. @returns its path */
export async function bundledPusher(folder: string): Promise<string> {
  const outfile = join(folder, 'pusher.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'pusher.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['quilt-mcp-source'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return outfile
}

export interface Run {
  readonly program: string
  readonly world: CrashWorld
  readonly crashed: CrashedPackage
  /** Folder for temporary files. */
  readonly temporary: string
}

/** Runs a pusher to its end, or to the point. @returns whether it was killed @throws when it fails by itself */
export async function push({ program, world, crashed, temporary }: Run, point?: KillPoint): Promise<boolean> {
  if (!existsSync(temporary)) mkdirSync(temporary)
  const { cutter, settings, notes } = world
  const child = spawn(process.execPath, [program, JSON.stringify(settings), notes, JSON.stringify(crashed)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      TMPDIR: temporary,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...cutter.env(point),
    },
  })
  cutter.arm(point, () => child.kill('SIGKILL'))
  const complaints = keepLog(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  await cutter.idle()
  if (code !== 0 && child.signalCode !== 'SIGKILL') throw new Error(`the pusher failed: ${complaints()}`)
  return child.signalCode === 'SIGKILL'
}
