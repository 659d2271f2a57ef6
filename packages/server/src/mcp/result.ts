// What a tool returned -> what a client gets: checked against the tool's own schema, cut to size, the same as structure and text.
import type { CallToolResult } from '@modelcontextprotocol/server'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { AnyTool, ImageContent, ToolOutput } from './define-tool.js'
import { fit } from './fit.js'
import { type Surface, wordsFor } from './surface.js'
import { fenced } from './untrusted.js'

/** Characters of text that no result exceeds: about 20,000 tokens, below what clients cut themselves. */
const hardMaxChars = 80_000

export interface ResultOptions {
  /** Characters of text a result may take when the tool says nothing else. */
  readonly resultChars: number
  /** Whose names the client knows the tools by. */
  readonly surface: Surface
}

/** Builds the result of a call that went well. Never fails for size.
 * @throws {QuiltError} `internal` when the structure is not what the tool's output schema promises */
export function toolResult(
  tool: AnyTool,
  output: ToolOutput<unknown>,
  { resultChars, surface }: ResultOptions,
): CallToolResult {
  const parsed = tool.output.safeParse(output.structure)
  if (!parsed.success) {
    throw new QuiltError('internal', `${tool.name} made a result that does not fit its own description`, {
      hint: 'Report this defect with the reference id.',
      cause: new Error(z.prettifyError(parsed.error)),
    })
  }
  const { structure, text, cuts } = fit(
    withNext(parsed.data, surface),
    Math.min(output.maxChars ?? resultChars, hardMaxChars),
  )
  const notice = cuts.length === 0 ? '' : `\nCut to fit: ${cuts.join('; ')}. Ask for less at a time to see the rest.`
  return {
    content: [{ type: 'text', text: `${fenced(text)}${notice}` }, ...(output.images ?? []).map(imageContent)],
    structuredContent: structure,
  }
}

/** `next` of a structure names tools. */
function withNext(structure: Record<string, unknown>, surface: Surface): Record<string, unknown> {
  const { next } = structure
  if (surface === 'ours' || !Array.isArray(next)) return structure
  return { ...structure, next: next.map((name) => wordsFor(surface, String(name))) }
}

const imageContent = ({ data, mimeType }: ImageContent): CallToolResult['content'][number] => ({
  type: 'image',
  data,
  mimeType,
})
