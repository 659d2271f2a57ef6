// The demo's three ports: the same at each start, so that a client configured once keeps working.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { QuiltError } from '@quilt-mcp/core'

export interface DemoPorts {
  readonly mcp: number
  /** 0 where any free one will do. */
  readonly registry: number
  readonly s3: number
}

const usualPort = 8765

/** Chooses the ports: the wanted one (it must be free), or the usual one, or a free one; and the two after it where they are free.
 * @throws {QuiltError} `conflict` when the wanted port is taken */
export async function freePorts(wanted: number | undefined): Promise<DemoPorts> {
  const mcp = wanted ?? usualPort
  if (mcp === 0) return { mcp: 0, registry: 0, s3: 0 }
  if (!(await isFree(mcp))) {
    if (wanted === undefined) return { mcp: 0, registry: 0, s3: 0 }
    throw new QuiltError('conflict', `port ${mcp} is taken`, {
      hint: 'Choose another --port; 0 takes a free one. Perhaps a demo is running already?',
    })
  }
  const [registry, s3] = await Promise.all(
    [mcp + 1, mcp + 2].map(async (port) => (port <= 65_535 && (await isFree(port)) ? port : 0)),
  )
  return { mcp, registry: registry ?? 0, s3: s3 ?? 0 }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    probe.listen(port, '127.0.0.1')
    await once(probe, 'listening')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))
      return false
    throw error
  } finally {
    probe.close()
  }
}
