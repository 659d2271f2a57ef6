import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callTool } from '../../mcp/call-tool.js'
import { confirmer } from '../../mcp/confirmation.js'
import { keptLog, sampleCaller } from '../../mcp/test/sample-tools.js'
import { createToolRegistry } from '../../mcp/tool-registry.js'
import { allTools } from '../index.js'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('get_resource', () => {
  it('reads what the resource itself says, by URI or by name', async () => {
    const text = await world.ada.resource('quilt-platform://search_syntax')
    expect(await world.ada.ok('get_resource', { uri: 'quilt-platform://search_syntax' })).toMatchObject({ text })
    expect(await world.ada.ok('get_resource', { uri: 'search_syntax' })).toMatchObject({ text })
  })

  it('is not cut, however short results are kept', async () => {
    const text = 'x'.repeat(16_000)
    const resource = { uri: 'quilt-platform://me', name: 'me', title: '', description: '', mimeType: 'text/plain' }
    const caller = sampleCaller()
    const result = await callTool(
      {
        registry: createToolRegistry(allTools),
        resources: [{ ...resource, read: () => Promise.resolve(text) }],
        templates: [],
        log: keptLog(),
        resultChars: 2_000,
      },
      caller,
      {
        name: 'get_resource',
        args: { uri: 'me' },
        requestId: 'test',
        signal: new AbortController().signal,
        onProgress() {},
        confirm: (tool) => confirmer({ tool, tokens: caller.tokens }),
      },
    )
    expect(result.structuredContent).toEqual({ uri: 'quilt-platform://me', text })
  })

  it('names the resources there are for one that is not', async () => {
    expect(await world.ada.fails('get_resource', { uri: 'quilt-platform://serch_syntax' })).toMatchObject({
      code: 'not_found',
      hint: 'Did you mean quilt-platform://search_syntax?',
    })
  })
})
