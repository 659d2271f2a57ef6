// The floor of what is measured: a server of the bare SDK with one tool.
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const inputSchema = z.object({ text: z.string() })

export function bareServer(): McpServer {
  const server = new McpServer({ name: 'floor', version: '1.0.0' })
  server.registerTool('echo', { description: 'Says it again.', inputSchema }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }))
  return server
}
