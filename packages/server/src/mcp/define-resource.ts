// What a resource is: a text that a client, or the get_resource tool, reads by its URI.
import type { ToolContext } from './define-tool.js'

export interface ResourceDefinition {
  /** `quilt-platform://...` */
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
  /** The text, at most 16,384 UTF-16 units. */
  read(context: ToolContext): Promise<string>
}
