import type { Client } from '@modelcontextprotocol/client'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectHttp, connectStdio } from './clients.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from './world.js'

type Tools = Awaited<ReturnType<Client['listTools']>>['tools']

let world: World
let server: HttpServer
let overHttp: Tools
let overStdio: Tools
let hosted: Tools

beforeAll(async () => {
  world = await aWorld()
  server = await serveHttp(settingsOf(world))
  const listed = async (client: Client) => {
    const { tools } = await client.listTools()
    await client.close()
    return tools
  }
  overHttp = await listed(await connectHttp(`${server.origin}/mcp`, world.ada.apiKey))
  hosted = await listed(await connectHttp(`${server.origin}/mcp/platform/mcp`, world.ada.apiKey, '2025-06-18'))
  overStdio = await listed(await connectStdio({ ...settingsOf(world), QUILT_API_KEY: world.ada.apiKey }))
})
afterAll(async () => {
  await server.stop()
  await world.close()
})

/** The names this issue promises. A literal, not taken from the code. */
const promised = [
  'bucket_list',
  'bucket_objects_list',
  'catalog_link',
  'catalog_status',
  'get_resource',
  'object_info',
  'object_link',
  'object_put',
  'object_read',
  'package_browse',
  'package_create',
  'package_create_from_s3',
  'package_delete',
  'package_diff',
  'package_list',
  'package_promote',
  'package_revisions',
  'package_update',
  'role_switch',
  'search_catalog',
]

describe('tools/list', () => {
  it('names every tool that is promised, over stdio and HTTP alike', () => {
    expect(overHttp.map((tool) => tool.name).sort()).toEqual(promised)
    expect(overStdio).toEqual(overHttp)
  })

  it('puts the hosted names in place of ours on the hosted path, in one page', () => {
    const renamed: Record<string, string> = { object_info: 's3_object_info', package_update: 'package_patch' }
    expect(hosted.map((tool) => tool.name).sort()).toEqual(promised.map((name) => renamed[name] ?? name).sort())
  })

  it('is what clients know: a changed definition is a changed file under review', async () => {
    for (const tool of overHttp) {
      await expect(`${JSON.stringify(tool, null, 2)}\n`).toMatchFileSnapshot(`surface/${tool.name}.json`)
    }
  })

  it('has no null and no array-form items anywhere, which strict clients refuse', () => {
    expect(JSON.stringify([overHttp, hosted])).not.toMatch(/:null|"items":\[|"prefixItems"/)
  })

  it('keeps names short enough for a client that adds its own prefix', () => {
    for (const { name } of [...overHttp, ...hosted]) expect(name).toMatch(/^[a-z0-9_]{1,54}$/)
  })

  it('fits the budget: 24 tools, 5,000 tokens of names, descriptions and input schemas, 9,000 in all', () => {
    const definitions = overHttp.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    const tokens = {
      input: countTokens(JSON.stringify(definitions)),
      all: countTokens(JSON.stringify({ tools: overHttp })),
    }
    expect(overHttp.length).toBeLessThanOrEqual(24)
    expect(tokens.input, `input ${tokens.input}, all ${tokens.all}`).toBeLessThanOrEqual(5000)
    expect(tokens.all, `input ${tokens.input}, all ${tokens.all}`).toBeLessThanOrEqual(9000)
  })
})
