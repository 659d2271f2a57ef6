// The door of @quilt-mcp/stack: a small, real Quilt stack for one machine.
export type { PermissionLevel } from './identity/principal.js'
export type { Stack, StackAdmin, StackOptions } from './stack.js'
export { startStack } from './start.js'
