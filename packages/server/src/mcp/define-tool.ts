// What a tool is. Annotations, filtering, confirmation, docs and validation are derived from this one definition.
import type { Backend, Progress } from '@quilt-mcp/backends'
import type { z } from 'zod'
import type { LocalFileAccess } from '../local-files/local-file-access.js'
import type { Capability } from './capabilities.js'
import type { CatalogLinks } from './catalog-links.js'
import type { WorkFolder } from './work-folder.js'

/** `read` changes nothing; `write` adds; `destructive` removes or replaces and asks for confirmation. */
export type ToolAccess = 'read' | 'write' | 'destructive'

type Toolset = 'catalog' | 'objects' | 'packages' | 'search' | 'resources'

/** What a tool may touch. Nothing else: no environment, no globals, no other request. */
export interface ToolContext {
  readonly backend: Backend
  /** Where work that breaks off is kept for a later call. Absent: nothing is. */
  readonly workFolder?: WorkFolder | undefined
  /** Files of the machine that the server runs on. Absent: it serves others than the user of that machine, or the settings open no folder. */
  readonly localFiles?: LocalFileAccess | undefined
  /** Makes web links when a catalog is known. */
  readonly links: CatalogLinks
  readonly signal: AbortSignal
  /** Characters that the text of a result should stay below: about four a token. For `pageOf`. Absent: its default. */
  readonly resultChars?: number | undefined
  onProgress(progress: Progress): void
  /** Asks the user before something is removed or replaced. Returns when it is confirmed.
   * @throws {QuiltError} `conflict` (with the plan and a `confirm` token to repeat the call with) or `forbidden` (declined) */
  confirm(question: ConfirmationQuestion): Promise<void>
  /** Reads one of the `quilt-platform://` resources. */
  readResource(uri: string): Promise<string>
}

export interface ConfirmationQuestion {
  /** What will happen, in one sentence with names and numbers. */
  readonly message: string
  /** What exactly is confirmed: the token holds only while this is the same. */
  readonly subject: Readonly<Record<string, unknown>>
  /** The `confirm` argument of the call, when given. */
  readonly token?: string | undefined
}

/** What `run` returns when a picture or a resource goes along with the structure. */
export interface ImageContent {
  readonly kind: 'image'
  /** Base64. */
  readonly data: string
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
}

/** A tool's definition. `run` gets validated input and returns the structure that `output` describes, or throws a QuiltError. */
export interface ToolDefinition<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** snake_case, at most 54 characters. The file is this name with dashes. */
  readonly name: string
  readonly title: string
  readonly toolset: Toolset
  readonly access: ToolAccess
  readonly needs: readonly Capability[]
  /** For a model: what it does, when to use it, what it returns. Two or three sentences. */
  readonly description: string
  readonly input: Input
  readonly output: Output
  /** Names under which older servers offered the same operation: callable, not listed. With arguments of its own where it had others. */
  readonly aliases?: readonly (string | ToolAlias<NoInfer<Input>>)[]
  /** Arguments as older servers took them under the tool's own name, in the words of `input`; those that are in them already stay as
   * they are. A pure function. @throws {QuiltError} `invalid_input` */
  fromOlder?(args: Readonly<Record<string, unknown>>): Record<string, unknown>
  /** Input examples; each is run by a test. */
  readonly examples: readonly z.input<Input>[]
  run(context: ToolContext, input: z.output<Input>): Promise<ToolOutput<z.input<Output>>>
}

/** An older tool's name with the arguments that it took. */
export interface ToolAlias<Target extends z.ZodObject = z.ZodObject, Input extends z.ZodObject = z.ZodObject> {
  readonly name: string
  /** What it takes: strict, as of every tool. */
  readonly input: Input
  /** The arguments of the tool that mean the same. A pure function. */
  adapt(input: z.output<Input>): z.input<Target>
}

/** The structure, or the structure with pictures. */
export type ToolOutput<Structure> = {
  readonly structure: Structure
  readonly images?: readonly ImageContent[]
  /** Characters that this result may take because the caller asked for so much: at most 80,000. Default `resultChars`. */
  readonly maxChars?: number
}

/** A tool whose types no longer matter: what lists and filters handle. */
export type AnyTool = ToolDefinition<z.ZodObject, z.ZodObject>

/** Fixes the types of a definition; does nothing else. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  return Object.freeze(tool)
}
