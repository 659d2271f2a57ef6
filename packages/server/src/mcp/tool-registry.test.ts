import { describe, expect, it } from 'vitest'
import { allTools } from '../tools/index.js'
import { contentKeyword } from './content-field.js'
import type { AnyTool } from './define-tool.js'
import { sampleTools } from './test/sample-tools.js'
import { createToolRegistry, type ToolView } from './tool-registry.js'

const registry = createToolRegistry(sampleTools)
const ours: ToolView = { surface: 'ours', readOnly: false }
const names = (view: ToolView) => registry.list(view).map(({ name }) => name)

describe('the tool registry', () => {
  it('lists tools sorted by name, without aliases', () => {
    expect(names(ours)).toEqual(['fail', 'object_info', 'quote', 'wipe'])
  })

  it('lists the hosted names on the hosted surface, and answers to both names on both', () => {
    const hosted: ToolView = { surface: 'hosted', readOnly: false }
    expect(names(hosted)).toEqual(['fail', 'quote', 's3_object_info', 'wipe'])
    for (const view of [ours, hosted]) {
      for (const name of ['object_info', 's3_object_info'])
        expect(registry.find(name, view).tool.name).toBe('object_info')
    }
  })

  it('answers to an alias that it does not list', () => {
    expect(registry.find('say_again', ours).tool.name).toBe('quote')
  })

  it('in read-only mode lists readers only, and refuses the others with forbidden', () => {
    const readOnly: ToolView = { surface: 'ours', readOnly: true }
    expect(names(readOnly)).toEqual(['object_info', 'quote'])
    expect(() => registry.find('wipe', readOnly)).toThrow(expect.objectContaining({ code: 'forbidden' }))
  })

  it('leaves out what the backend cannot do, and refuses it with unsupported', () => {
    const [aTool] = sampleTools
    if (aTool === undefined) throw new Error('there are no sample tools')
    const local = { name: 'local', capabilities: new Set(['objects', 'packages'] as const) } as const
    const withoutLinks: ToolView = { ...ours, backend: local }
    const linker: AnyTool = { ...aTool, name: 'linker', aliases: ['make_link'], needs: ['objects', 'links'] }
    const both = createToolRegistry([...sampleTools, linker])
    expect(both.list(withoutLinks).map(({ name }) => name)).toEqual(names(ours))
    for (const name of ['linker', 'make_link']) {
      expect(() => both.find(name, withoutLinks)).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          message: 'linker needs links, which the local backend does not have',
          hint: [
            'The platform backend can: set QUILT_CATALOG_URL and QUILT_API_KEY.',
            'The session backend can: run quilt-mcp login.',
            'The iam backend can: sign in to AWS and start with --backend iam.',
            'catalog_status says what this one can do.',
          ].join(' '),
          nextTools: ['catalog_status'],
        }),
      )
    }
  })

  it('names a tool that is near to an unknown one', () => {
    expect(() => registry.find('qoute', ours)).toThrow(
      expect.objectContaining({ code: 'not_found', message: 'there is no tool named "qoute"', nextTools: ['quote'] }),
    )
    expect(() => registry.find('zzzzzz', ours)).toThrow(
      expect.objectContaining({ hint: 'tools/list names all tools.' }),
    )
  })

  it('keeps our marks of the arguments out of what clients get', () => {
    const put = createToolRegistry(allTools)
    const view: ToolView = { surface: 'ours', readOnly: false }
    expect(JSON.stringify(put.list(view))).not.toContain(contentKeyword)
    expect(JSON.stringify(put.find('object_put', view).inputSchema)).toContain(contentKeyword)
  })

  it('refuses two tools with one name', () => {
    expect(() => createToolRegistry([...sampleTools, ...sampleTools])).toThrow('both claim the name wipe')
  })

  it('derives hints from what a tool does', () => {
    const hints = Object.fromEntries(registry.list(ours).map(({ name, annotations }) => [name, annotations]))
    expect(hints).toEqual({
      quote: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      object_info: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      fail: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
      wipe: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    })
  })

  it('describes input strictly and output openly, in as few words as will do', () => {
    const quote = registry.list(ours).find(({ name }) => name === 'quote')
    expect(quote?.inputSchema).toEqual({
      type: 'object',
      properties: {
        text: { type: 'string' },
        times: { type: 'integer', minimum: 1, maximum: 1000, default: 1 },
        loud: { type: 'boolean' },
        parts: { type: 'array', items: { type: 'string' } },
        options: {
          type: 'object',
          properties: { depth: { type: 'number' } },
          required: ['depth'],
          additionalProperties: false,
        },
        metadata: { anyOf: [{ type: 'object' }, { type: 'null' }] },
      },
      required: ['text'],
      additionalProperties: false,
    })
    expect(quote?.outputSchema).toEqual({
      type: 'object',
      properties: {
        quoted: {
          type: 'array',
          items: { type: 'object', properties: { untrusted: { type: 'string' } }, required: ['untrusted'] },
        },
        given: {},
      },
      required: ['quoted'],
    })
  })

  it('has no null anywhere in a definition', () => {
    expect(JSON.stringify(registry.list(ours))).not.toContain(':null')
  })
})
