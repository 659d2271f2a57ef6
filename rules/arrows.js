// Who may import whom (design 2): core <- search-index <- backends <- server, search-index <- stack <- server's demo and stack commands.
// Nothing imports upwards or sideways, and a package is entered by its door only.

const parts = {
  core: [],
  'search-index': ['@quilt-mcp/core'],
  backends: ['@quilt-mcp/core', '@quilt-mcp/search-index'],
  stack: ['@quilt-mcp/core', '@quilt-mcp/search-index'],
  server: ['@quilt-mcp/core', '@quilt-mcp/backends'],
}
const workspaces = [
  '@quilt-mcp/core',
  '@quilt-mcp/search-index',
  '@quilt-mcp/backends',
  '@quilt-mcp/stack',
  'quilt-mcp',
]

/** Node modules that core must not see: it has no network, no files, no process, no clock (design 2). */
const outsideWorld = [
  'fs',
  'fs/promises',
  'net',
  'http',
  'https',
  'child_process',
  'os',
  'process',
  'timers',
  'dns',
  'tls',
]

/** The restriction for one part: which workspaces it may not import.
 * @param {string} part @param {readonly string[]} allowed @returns {import('eslint').Linter.RuleEntry} */
function restriction(part, allowed) {
  const group = workspaces.filter((name) => !allowed.includes(name))
  return [
    'error',
    {
      paths:
        part === 'core'
          ? outsideWorld.map((name) => ({ name: `node:${name}`, message: 'core is pure (design 2)' }))
          : [],
      patterns: [
        {
          group: group.flatMap((name) => [name, `${name}/*`]),
          message: `${part} may import only: ${allowed.join(', ') || 'nothing'}`,
        },
        { group: ['@quilt-mcp/*/*', '**/packages/*/src/**'], message: 'enter a package by its door, its root export' },
      ],
    },
  ]
}

/** @type {import('eslint').Linter.Config[]} */
export const arrows = [
  ...Object.entries(parts).map(([part, allowed]) => ({
    files: [`packages/${part}/src/**/*.ts`],
    ignores: ['**/*.test.ts', '**/test/**'],
    rules: { 'no-restricted-imports': restriction(part, allowed) },
  })),
  {
    // The two commands that start a stack; they load it lazily.
    files: ['packages/server/src/cli/demo/**/*.ts', 'packages/server/src/cli/stack.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': restriction('server', [...parts.server, '@quilt-mcp/stack']) },
  },
]
