// Stands in for `@modelcontextprotocol/server/_shims` in the bundle. The SDK's own loads Ajv, a fifth of the code of a start,
// to check what a user answered to a question of ours on connections of 2025; on those of 2026 the SDK checks nothing.
// So mcp/server.ts checks each answer itself, for both, and nothing is left to do here.
import process from 'node:process'

export { process }

export class DefaultJsonSchemaValidator {
  getValidator() {
    return (data) => ({ valid: true, data, errorMessage: undefined })
  }
}
