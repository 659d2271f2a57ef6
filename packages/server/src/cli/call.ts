// `quilt-mcp call`: one tool, from the command line, against one's own backend or an MCP server anywhere.
import type { CallToolResult } from '@modelcontextprotocol/server'
import { type ErrorCode, errorCodes } from '@quilt-mcp/core'
import { z } from 'zod'
import { ownBackendSettings } from '../config/schema.js'
import { asker } from './ask.js'
import type { Command } from './command.js'
import { exitCodeOf, exitCodes, UsageError } from './exit-code.js'
import type { CommandLine } from './flags.js'
import { settingsOf } from './settings.js'
import { forTerminal } from './terminal.js'
import type { TypedCall } from './typed-call.js'

export const call: Command = {
  usage: `<tool> ['{json}'] [--argument value ...]`,
  about: `Arguments are given as JSON, as flags (--bucket my-bucket --limit 5), or both; text stands for numbers, lists and objects too.
With --url the call goes to an MCP server over HTTP, as the user whose --token it is; otherwise to the backend of the settings.`,
  flags: [
    { flag: '--url', value: 'url', description: 'MCP server to call, such as http://127.0.0.1:8000/mcp' },
    { flag: '--json', description: 'Print the result as one line of JSON, errors too.' },
    { flag: '--yes', description: 'Confirm what the tool asks to confirm.' },
  ],
  settings: [...ownBackendSettings, 'localFiles', 'readOnly', 'resultTokens'],
  takesOthers: true,
  async run(line) {
    const typed = typedCall(line)
    const config = await settingsOf({ logLevel: 'error', ...line.settings })
    const url = line.flags.get('url')
    const confirm = asker({ yes: line.flags.has('yes') })
    if (url !== undefined && !/^https?:\/\//.test(url))
      throw new UsageError('--url is not an http URL', 'Give something like http://127.0.0.1:8000/mcp.')
    const result =
      url === undefined
        ? await (await import('./call-own.js')).callOwn(typed, { config, confirm })
        : await (await import('./call-remote.js')).callRemote(typed, { url, token: config.token, confirm })
    return show(result, { json: line.flags.has('json') })
  },
}

/** The call that a command line says: JSON first, then flags. @throws {UsageError} */
function typedCall({ words, others }: CommandLine): TypedCall {
  const [tool, json, ...more] = words
  if (tool === undefined) throw new UsageError('call needs the name of a tool', 'quilt-mcp tools lists them.')
  if (more.length > 0)
    throw new UsageError(
      `there is one word too many: ${more[0]}`,
      'Give arguments as --name value or as one JSON text in quotes.',
    )
  const flags = others.map(([name, value]): [string, string] => [name.replaceAll('-', '_'), value])
  return { tool, args: { ...(json === undefined ? {} : objectIn(json)), ...Object.fromEntries(flags) } }
}

function objectIn(json: string): Record<string, unknown> {
  const hint = `Quote the JSON for your shell: quilt-mcp call <tool> '{"name": "value"}'`
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new UsageError(`the arguments are not JSON: ${error instanceof Error ? error.message : ''}`, hint)
  }
  throw new UsageError('the arguments are not a JSON object', hint)
}

/** Prints a result, and says how the command ends. */
function show(result: CallToolResult, { json }: { readonly json: boolean }): number {
  const structure = result.structuredContent ?? { content: result.content }
  const error = result.isError === true ? errorSchema.safeParse(structure).data?.error : undefined
  if (json) {
    process.stdout.write(`${forTerminal(JSON.stringify(structure))}\n`)
  } else if (error) {
    process.stderr.write(
      `${forTerminal([`${error.code}: ${error.message}`, error.hint, error.details?.reference].filter(Boolean).join('\n'))}\n`,
    )
  } else {
    process.stdout.write(`${forTerminal(JSON.stringify(structure, null, 2))}\n`)
  }
  if (result.isError !== true) return exitCodes.ok
  return error === undefined ? exitCodes.failed : exitCodeOf(error.code)
}

const errorSchema = z.object({
  error: z.object({
    code: z.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(errorCodes, code)),
    message: z.string(),
    hint: z.string().optional(),
    /** Of a defect: what the server's log has its cause under. */
    details: z.object({ reference: z.string().optional() }).optional(),
  }),
})
