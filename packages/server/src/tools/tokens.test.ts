import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { aliasName } from '../mcp/tool-alias.js'
import { listedTool } from '../mcp/tool-definition.js'
import { allTools } from './index.js'

describe('the definitions of all tools', () => {
  const listed = allTools.map((tool) => listedTool(tool, 'ours'))
  const tokensOf = (value: unknown) => countTokens(JSON.stringify(value))

  it('cost at most 4,200 tokens for names, descriptions and input schemas', () => {
    const inputs = listed.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    expect(tokensOf(inputs), String(tokensOf(inputs))).toBeLessThanOrEqual(4_200)
  })

  it('cost at most 3,400 tokens for output schemas', () => {
    expect(tokensOf(listed.map(({ outputSchema }) => outputSchema))).toBeLessThanOrEqual(3_400)
  })

  it('have names of their own, aliases included', () => {
    const names = allTools.flatMap(({ name, aliases = [] }) => [name, ...aliases.map(aliasName)])
    expect(new Set(names).size).toBe(names.length)
  })
})
