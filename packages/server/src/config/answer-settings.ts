// Settings of what tools there are, and of what they answer.
import { z } from 'zod'
import { logLevels } from '../context/log.js'
import { list, setting } from './setting.js'

export const answerSettings = {
  readOnly: setting(z.stringbool().default(false), 'Hide every tool that changes something.', {
    flag: '--read-only',
    env: ['QUILT_MCP_READ_ONLY'],
  }),
  toolsets: setting(list(), 'Toolsets to offer. Default: all.', {
    flag: '--toolsets',
    env: ['QUILT_MCP_TOOLSETS'],
    value: 'list',
    list: true,
  }),
  tools: setting(list(), 'Tools to offer, by name. Default: all of the toolsets.', {
    flag: '--tools',
    env: ['QUILT_MCP_TOOLS'],
    value: 'list',
    list: true,
  }),
  confirm: setting(
    z.enum(['ask', 'elicit']).default('ask'),
    'Who confirms what removes or replaces something: `ask` lets clients that cannot ask their user show a plan and repeat the call; `elicit` takes the answer of a user alone, from clients that can ask (MCP elicitation).',
    { flag: '--confirm', env: ['QUILT_MCP_CONFIRM'], value: 'who' },
  ),
  resultTokens: setting(
    z.coerce.number().int().min(500).max(20_000).default(4000),
    'How long a result may become before it is cut, in tokens.',
    { flag: '--result-tokens', env: ['QUILT_MCP_RESULT_TOKENS'], value: 'number' },
  ),
  logLevel: setting(z.enum(logLevels).default('info'), `What is written to stderr: ${logLevels.join(', ')}.`, {
    flag: '--log-level',
    env: ['QUILT_MCP_LOG_LEVEL'],
    value: 'level',
  }),
}
