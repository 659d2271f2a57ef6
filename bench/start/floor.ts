// The floor of bench:start: a bare SDK server with one tool, bundled like ours.
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { bareServer } from '../bare-server.js'

serveStdio(bareServer)
