// What the demo prints: where it is, who may sign in, how to connect a client, and a first call to try.

/** Everything a client needs to use a running demo. Printed as it is by `--json`. */
export interface DemoFacts {
  readonly mcpUrl: string
  readonly registryUrl: string
  readonly s3Endpoint: string
  readonly dataDir: string
  readonly users: Readonly<Record<string, DemoUser>>
}

export interface DemoUser {
  /** API key of the user. */
  readonly token: string
  /** For the login page of the registry. */
  readonly password: string
  readonly role: string
  readonly bucket: string
}

/** The demo in words. @param command how this `quilt-mcp` is called, as arguments: `['node', '/path/cli.js']` */
export function announcement(facts: DemoFacts, command: readonly string[]): string {
  const [first, ...others] = Object.entries(facts.users)
  if (first === undefined) throw new Error('a demo has users')
  const [name, { token, bucket }] = first
  return [
    'The Quilt MCP demo is up. Ctrl-C stops it; the next start finds everything as you left it.',
    '',
    `  MCP        ${facts.mcpUrl}`,
    `  registry   ${facts.registryUrl}   (its login page: ${facts.registryUrl}/login)`,
    `  S3         ${facts.s3Endpoint}`,
    `  data       ${facts.dataDir}   (--fresh starts over)`,
    '',
    "Users. Neither can see the other's bucket:",
    ...[first, ...others].map(
      ([user, { token: key, role, bucket: own, password }]) =>
        `  ${user.padEnd(6)} role ${role}, bucket ${own}, password ${password}\n         token ${key}`,
    ),
    '',
    `A first call, as ${name}:`,
    `  ${shell([...command, 'call', 'package_list', JSON.stringify({ bucket }), '--url', facts.mcpUrl, '--token', token])}`,
    'The same without any client:',
    `  ${curl(facts.mcpUrl, token, { bucket })}`,
    '',
    'Connect a client.',
    '',
    'Claude Code:',
    `  ${shell(['claude', 'mcp', 'add', '--transport', 'http', 'quilt', facts.mcpUrl, '--header', `Authorization: Bearer ${token}`])}`,
    '',
    'Cursor (.cursor/mcp.json):',
    indented({ mcpServers: { quilt: { url: facts.mcpUrl, headers: { Authorization: `Bearer ${token}` } } } }),
    '',
    'VS Code (.vscode/mcp.json):',
    indented({
      servers: { quilt: { type: 'http', url: facts.mcpUrl, headers: { Authorization: `Bearer ${token}` } } },
    }),
    '',
    'Claude Desktop (claude_desktop_config.json), over stdio:',
    indented({ mcpServers: { quilt: stdioServer(facts, token, command) } }),
    '',
    'Then ask: "Which packages are in my bucket, and what changed in the latest revision of the Seattle weather?"',
    '',
  ].join('\n')
}

function stdioServer({ registryUrl, s3Endpoint }: DemoFacts, token: string, [program, ...args]: readonly string[]) {
  return {
    command: program,
    args,
    env: { QUILT_REGISTRY_URL: registryUrl, QUILT_API_KEY: token, AWS_ENDPOINT_URL_S3: s3Endpoint },
  }
}

function curl(url: string, token: string, toolArguments: Readonly<Record<string, unknown>>): string {
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'package_list', arguments: toolArguments },
  }
  return shell([
    'curl',
    '-s',
    url,
    ...['-H', `Authorization: Bearer ${token}`],
    ...['-H', 'Content-Type: application/json'],
    ...['-H', 'Accept: application/json, text/event-stream'],
    ...['-d', JSON.stringify(body)],
  ])
}

/** A command line for a POSIX shell: quoted where it has to be. */
const shell = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')

const indented = (json: unknown): string => JSON.stringify(json, null, 2).replace(/^/gm, '  ')
