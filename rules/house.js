// Rules of the house that hold in one part only.

/** `process.env` is read by config alone: a tool or backend that reads it would see another tenant's or the operator's settings. */
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'settings come in as arguments; only config reads process.env (design 3)',
}
/** stdout belongs to the protocol. */
const standardOutput = {
  selector: "MemberExpression[object.object.name='process'][object.property.name='stdout']",
  message: 'stdout belongs to the protocol; only the cli and the stdio transport write to it',
}
/** Only the command line of one user looks at what its machine holds: a server for many must not be able to. */
const ownMachine = {
  selector:
    "ImportDeclaration[source.value='@quilt-mcp/backends'] > ImportSpecifier[imported.name=/^(?:(?:select|session|iam|local)Backend|processRoleSigner|find[A-Z].*)$/]",
  message:
    'over HTTP a request brings its own identity: only the cli chooses a backend, or a signer, of this machine (design 4)',
}

/** @type {import('eslint').Linter.Config[]} */
export const houseRules = [
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: [
      '**/*.test.ts',
      '**/test/**',
      'packages/server/src/cli/**',
      'packages/server/src/config/**',
      'packages/server/src/transport/stdio.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', environment, standardOutput, ownMachine] },
  },
]
