// Names that the log may show because they come from our own definitions or an operator's, never from a request.
import type { ResourceDefinition, ResourceTemplate } from '../mcp/define-resource.js'
import type { AnyTool } from '../mcp/define-tool.js'

/** A name that was made from a definition. A text alone cannot become one, so what a client sends cannot pass for one. */
export class LoggedName {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** What the log shows in place of a name that a client made up. */
  static readonly unknown = new LoggedName('<unknown>')

  static ofTool(tool: Pick<AnyTool, 'name' | 'access'>): LoggedName {
    return new LoggedName(tool.name)
  }

  static ofResource(
    resource: Pick<ResourceDefinition, 'uri' | 'mimeType'> | Pick<ResourceTemplate, 'uriTemplate' | 'mimeType'>,
  ): LoggedName {
    return new LoggedName('uri' in resource ? resource.uri : resource.uriTemplate)
  }

  /** The host of a catalog's or registry's address, without what else a URL can carry. @throws {TypeError} when it is no URL */
  static ofHost(url: string): LoggedName {
    return new LoggedName(new URL(url).host)
  }

  /** The one of our own names that a text is; {@link LoggedName.unknown} for a text that is none. */
  static among(names: readonly string[], text: string): LoggedName {
    const name = names.find((one) => one === text)
    return name === undefined ? LoggedName.unknown : new LoggedName(name)
  }

  /** The text of a name; undefined for anything else. */
  static textOf(value: unknown): string | undefined {
    return typeof value === 'object' && value !== null && #text in value ? value.#text : undefined
  }
}
