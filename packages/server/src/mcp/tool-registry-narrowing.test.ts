import { describe, expect, it } from 'vitest'
import { allTools } from '../tools/index.js'
import type { Narrowing } from './narrowing/narrowing.js'
import { createToolRegistry, type ToolView } from './tool-registry.js'

const registry = createToolRegistry(allTools)
const names = (view: ToolView) => registry.list(view).map(({ name }) => name)
const server = (narrowing: Partial<Narrowing>): ToolView => ({ surface: 'ours', readOnly: false, ...narrowing })
const request = (narrowing: Partial<Narrowing>, limits: Partial<Narrowing> = {}): ToolView => ({
  ...server(limits),
  narrowing: { readOnly: false, ...narrowing },
})
const all = names(server({}))
const readers = all.filter((name) => registry.find(name, server({})).tool.access === 'read')
const inToolset = (toolset: string) => all.filter((name) => registry.find(name, server({})).tool.toolset === toolset)

describe.each([
  ['the settings of the server', server],
  ['the request', request],
])('narrowed by %s, the registry', (_who, view) => {
  it('lists readers only', () => {
    expect(names(view({ readOnly: true }))).toEqual(readers)
  })

  it('lists toolsets, and names tools in both', () => {
    expect(names(view({ toolsets: new Set(['objects']) }))).toEqual(inToolset('objects'))
    expect(names(view({ toolsets: new Set(['objects']), tools: new Set(['object_read', 'package_list']) }))).toEqual([
      'object_read',
    ])
    expect(names(view({ tools: new Set() }))).toEqual([])
  })
})

describe('a narrowed registry', () => {
  it('leaves what server and request both leave, whoever is the stricter', () => {
    const [some, more] = [new Set(['objects']), new Set(['objects', 'packages'])]
    expect(names(request({ toolsets: more }, { toolsets: some }))).toEqual(inToolset('objects'))
    expect(names(request({ toolsets: some }, { toolsets: more }))).toEqual(inToolset('objects'))
    expect(names(request({ readOnly: false }, { readOnly: true }))).toEqual(readers)
  })

  it.each([
    [server({ readOnly: true }), 'object_put changes data, and this server is read-only', 'without --read-only'],
    [request({ readOnly: true }), 'object_put changes data, and this request is read-only', 'X-MCP-Readonly'],
    [
      server({ toolsets: new Set(['catalog', 'packages']) }),
      'object_put is of the toolset objects, which this server leaves out',
      'It leaves catalog, packages. Start the server',
    ],
    [
      request({ toolsets: new Set() }),
      'object_put is of the toolset objects, which this request leaves out',
      'It leaves none. The URL of the connection (/x/) or its header X-MCP-Toolsets',
    ],
    [server({ tools: new Set(['object_read']) }), 'this server leaves out object_put', 'It leaves object_read. Start'],
    [request({ tools: new Set(['object_read']) }), 'this request leaves out object_put', 'X-MCP-Tools'],
  ])('refuses what is left out, saying who narrowed and how: %#', (view, message, hint) => {
    expect(() => registry.find('object_put', view)).toThrow(
      expect.objectContaining({ code: 'forbidden', message, hint: expect.stringContaining(hint) }),
    )
  })

  it('counts hosted names and aliases as the tool', () => {
    const view = request({ tools: new Set(['package_update']) })
    for (const name of ['package_update', 'package_patch', 'package_edit']) {
      expect(registry.find(name, view).tool.name).toBe('package_update')
    }
    expect(names({ ...view, surface: 'hosted' })).toEqual(['package_patch'])
    for (const name of ['object_info', 's3_object_info', 'browse_package', 'auth_status', 'get_resource']) {
      expect(() => registry.find(name, view)).toThrow(expect.objectContaining({ code: 'forbidden' }))
    }
  })

  it('names no hidden tool that is near to an unknown one', () => {
    expect(() => registry.find('object_reed', server({}))).toThrow(
      expect.objectContaining({ nextTools: expect.arrayContaining(['object_read']) }),
    )
    expect(() => registry.find('object_reed', request({ toolsets: new Set(['packages']) }))).toThrow(
      expect.objectContaining({ code: 'not_found', hint: 'tools/list names all tools.', nextTools: undefined }),
    )
  })

  it('keeps a list for who asks again, and not for everybody who ever asked', () => {
    const kept = server({ tools: new Set(['object_read']) })
    const first = registry.list(kept)
    expect(registry.list({ ...kept, tools: new Set(['object_read']) })).toBe(first)
    for (let mask = 0; mask < 300; mask++) {
      registry.list(request({ tools: new Set(all.filter((_name, index) => mask & (1 << index))), readOnly: true }))
    }
    expect(registry.list(kept)).not.toBe(first)
    expect(registry.list(kept)).toEqual(first)
    expect(registry.list(kept)[0]).toBe(first[0])
  })
})

describe('the registry, with a bucket fixed', () => {
  const fixed = request({ buckets: new Set(['lab-a']) })
  const inputOf = (name: string, view: ToolView) => registry.list(view).find((tool) => tool.name === name)?.inputSchema

  it('requires no bucket of any tool, and still takes one', () => {
    expect(inputOf('package_list', server({}))?.required).toEqual(['bucket'])
    for (const { inputSchema } of registry.list(fixed)) expect(inputSchema.required ?? []).not.toContain('bucket')
    expect(inputOf('bucket_objects_list', fixed)?.properties).toMatchObject({
      bucket: { type: 'string', description: 'fixed by this connection: leave it out' },
    })
  })

  it('changes nothing else in a definition, and nothing for others', () => {
    const without = (view: ToolView) =>
      registry.list(view).map(({ inputSchema, ...rest }) => {
        const { properties, required, ...schema } = inputSchema
        return { ...rest, schema, names: Object.keys(properties ?? {}), requires: required ?? [] }
      })
    const requires = (view: ToolView) => without(view).map(({ requires: names }) => names)
    expect(without(fixed).map(({ requires: _, ...rest }) => rest)).toEqual(
      without(server({})).map(({ requires: _, ...rest }) => rest),
    )
    expect(requires(fixed)).not.toEqual(requires(server({})))
    expect(inputOf('package_list', server({}))?.required).toEqual(['bucket'])
  })

  it('lists the same for every bucket: the list says not which', () => {
    expect(registry.list(request({ buckets: new Set(['lab-b']) }))).toBe(registry.list(fixed))
  })
})
