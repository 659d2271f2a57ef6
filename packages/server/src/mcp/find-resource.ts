// From a URI to the resource it names, of those that are listed or of a template.
import { nearNames, QuiltError } from '@quilt-mcp/core'
import type { ResourceDefinition, ResourceTemplate } from './define-resource.js'
import type { ToolContext } from './define-tool.js'
import { variablesIn } from './uri-template.js'

/** Everything that can be read by a URI. */
export interface Resources {
  readonly resources: readonly ResourceDefinition[]
  readonly templates: readonly ResourceTemplate[]
}

/** The resource of a URI. */
export interface FoundResource {
  /** By what it is defined: its URI, or its template. */
  readonly definition: ResourceDefinition | ResourceTemplate
  read(context: ToolContext): Promise<string>
}

/** @throws {QuiltError} `not_found` with what may have been meant; `invalid_input` */
export function findResource({ resources, templates }: Resources, uri: string): FoundResource {
  const resource = resources.find((one) => one.uri === uri)
  if (resource) return { definition: resource, read: (context) => resource.read(context) }
  for (const template of templates) {
    const variables = variablesIn(template.uriTemplate, uri)
    if (variables) return { definition: template, read: (context) => template.read(context, variables) }
  }
  const known = resources.map((one) => one.uri)
  const near = nearNames(uri, known, 1)
  const all = [...known, ...templates.map(({ uriTemplate }) => uriTemplate)]
  throw new QuiltError('not_found', `there is no resource ${JSON.stringify(uri.slice(0, 200))}`, {
    hint: near.length > 0 ? `Did you mean ${near[0]}?` : `Resources: ${all.join(', ') || 'none'}.`,
  })
}
