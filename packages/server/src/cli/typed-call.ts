/** A tool call as it was typed. */
export interface TypedCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}
