// What kills a pusher, and tells what it had changed by then.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { KillPoint, Step } from './points.js'

/** What kills a pusher. */
export interface Cutter {
  /** Variables of the next pusher. */
  env(point: KillPoint | undefined): Readonly<Record<string, string>>
  /** Has the next pusher killed at the point, or not at all. */
  arm(point: KillPoint | undefined, kill: () => void): void
  /** What the last pusher changed, step by step. */
  steps(): Promise<readonly Step[]>
  /** Waits until whatever the pusher has asked for is done. */
  idle(): Promise<void>
}

/** For a pusher that changes files: it is loaded into it, and kills from within. @param stepsFile a path of its own */
export const killingFiles = (stepsFile: string): Cutter => ({
  env: (point) => ({
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'killing-files.mjs')).href}`,
    QUILT_CRASH_STEPS: stepsFile,
    ...(point !== undefined && { QUILT_CRASH_POINT: JSON.stringify(point) }),
  }),
  arm() {},
  steps: async () => z.array(z.string()).parse(JSON.parse(readFileSync(stepsFile, 'utf8'))),
  async idle() {},
})
