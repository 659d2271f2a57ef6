import { describe, expect, it } from 'vitest'
import { platformResources, platformTemplates } from '../resources/index.js'
import { allTools } from '../tools/index.js'
import { callTool } from './call-tool.js'
import { confirmer } from './confirmation.js'
import { wordsFor } from './surface.js'
import { keptLog, sampleCaller } from './test/sample-tools.js'
import { createToolRegistry } from './tool-registry.js'

const registry = createToolRegistry(allTools)
const ours = /\b(object_info|package_update)\b/

describe('the hosted surface', () => {
  it('names tools as it lists them, in descriptions too', () => {
    expect(wordsFor('hosted', 'Use package_update or s3_object_info.')).toBe('Use package_patch or s3_object_info.')
    expect(wordsFor('ours', 'Use package_update.')).toBe('Use package_update.')
    const listed = registry.list({ surface: 'hosted', readOnly: false })
    expect(JSON.stringify(listed)).not.toMatch(ours)
    expect(JSON.stringify(registry.list({ surface: 'ours', readOnly: false }))).toMatch(ours)
  })

  it.each([
    [
      'object_put',
      { uri: 'quilt+s3://lab-a#package=a/b&path=x', text: 'a' },
      /Use package_patch.*"nextTools":\["package_patch"\]/,
    ],
    ['package_browse', { package: 's3://lab-a/x' }, /"nextTools":\["package_list"\]/],
  ])('says so in the errors of %s', async (name, args, expected) => {
    const caller = sampleCaller({ view: { surface: 'hosted', readOnly: false } })
    const result = await callTool(
      { registry, resources: platformResources, templates: platformTemplates, log: keptLog(), resultChars: 16_000 },
      caller,
      {
        name,
        args,
        requestId: 'test',
        signal: new AbortController().signal,
        onProgress() {},
        confirm: (tool) => confirmer({ tool, tokens: caller.tokens }),
      },
    )
    expect(JSON.stringify(result.structuredContent)).toMatch(expected)
    expect(JSON.stringify(result)).not.toMatch(ours)
  })
})
