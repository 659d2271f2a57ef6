// The calls that a guide shows, as they stand there, in their order.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface GuideCall {
  readonly tool: string
  /** What stands behind the tool's name: `fails <code>`, `local`, `confirmed`. */
  readonly how: string
  readonly args: Record<string, unknown>
}

/** @param page name of the file in docs/guides */
export async function guideCalls(page: string): Promise<readonly GuideCall[]> {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guides', page), 'utf8')
  return Array.from(
    guide.matchAll(/^```json (\w+) ?(.*)\n([\s\S]*?)^```$/gm),
    ([, tool = '', how = '', text = '']) => ({
      tool,
      how,
      args: JSON.parse(text),
    }),
  )
}
