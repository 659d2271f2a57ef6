// What a server needs to answer all calls there are, as one is put together in tests.
import type { keptLog } from '../../mcp/test/sample-tools.js'
import { createToolRegistry } from '../../mcp/tool-registry.js'
import { platformResources, platformTemplates } from '../../resources/index.js'
import { allTools } from '../../tools/index.js'

/** Every tool and every resource, logged where the test can read it. */
export function allCalls(log: ReturnType<typeof keptLog>) {
  const calls = {
    registry: createToolRegistry(allTools),
    resources: platformResources,
    templates: platformTemplates,
    log,
    resultChars: 16_000,
  }
  return { version: '1', log, calls: () => Promise.resolve(calls) }
}
