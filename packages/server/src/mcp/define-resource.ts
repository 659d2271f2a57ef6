// What a resource is: a text that a client, or the get_resource tool, reads by its URI.
import type { ToolContext } from './define-tool.js'

/** What a client is told about a resource before it reads it. */
interface ResourceFacts {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
}

export interface ResourceDefinition extends ResourceFacts {
  /** `quilt-platform://...` */
  readonly uri: string
  /** The text, at most 16,384 UTF-16 units. */
  read(context: ToolContext): Promise<string>
}

/** The values of the variables of a URI, decoded. */
export type ResourceVariables = Readonly<Record<string, string>>

/** Texts that there are too many of to be listed: one for each URI that a template makes. */
export interface ResourceTemplate extends ResourceFacts {
  /** `quilt-platform://...`, with `{variable}` for a segment and `{+variable}` for one or more (RFC 6570). */
  readonly uriTemplate: string
  /** The text, at most 16,384 UTF-16 units. @throws {QuiltError} `not_found`, `invalid_input` */
  read(context: ToolContext, variables: ResourceVariables): Promise<string>
  /** What the variables may be, by name. A variable that is missing here has no completions. */
  readonly complete: Readonly<Record<string, Completer>>
}

/** Values that a variable may have.
 * @param typed the beginning, or any part, of a value
 * @param others values of other variables, as far as they are known */
export type Completer = (context: ToolContext, typed: string, others: ResourceVariables) => Promise<Completions>

export interface Completions {
  readonly values: readonly string[]
  /** How many there are in all, where that is known. */
  readonly total?: number | undefined
  /** Whether there are more than these. */
  readonly hasMore: boolean
}
