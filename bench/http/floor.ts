// The floor of bench:http: a bare SDK server with one tool behind the SDK's own handler for Node, bundled like ours.
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { bareServer } from '../bare-server.js'

const http = createServer(toNodeHandler(createMcpHandler(bareServer)))
http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  if (address !== null && typeof address === 'object') console.log(`MCP at http://127.0.0.1:${address.port}/mcp`)
})
