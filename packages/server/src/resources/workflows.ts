import type { Workflow, WorkflowConfig } from '@quilt-mcp/core'
import type { ResourceTemplate } from '../mcp/define-resource.js'
import { untrusted } from '../mcp/untrusted.js'
import { bucketNames } from './completers.js'
import { resourceText } from './size.js'
import { workflowsTemplate, workflowUri } from './workflow-uri.js'

export const workflows: ResourceTemplate = {
  uriTemplate: workflowsTemplate,
  name: 'workflows',
  title: 'Workflows of a bucket',
  description:
    'What new packages of the bucket have to fulfil: its workflows, which is the default, where packages may be promoted to.',
  mimeType: 'text/plain',
  complete: { bucket: bucketNames },
  async read({ backend, signal }, { bucket = '' }) {
    const config = await backend.packages.workflowConfig(bucket, { signal })
    if (config === undefined)
      return `${bucket} has no workflows: leave the argument workflow out; every package is accepted.`
    return resourceText(facts(bucket, config))
  },
}

function facts(bucket: string, config: WorkflowConfig) {
  const { url, workflows: all, schemas, successors } = config
  return {
    bucket,
    config: untrusted(url),
    rule: ruleOf(config),
    workflows: [...all.values()].map((workflow) => workflowFacts(bucket, workflow, config)),
    ...(schemas.size > 0 && { schemas: [...schemas].map(([id, place]) => untrusted(`${id}: ${place}`)) }),
    promote_to:
      successors.size === 0
        ? 'nowhere: the config names no successors'
        : [...successors].map(([place, { title, copyData }]) => ({
            successor: untrusted(`${place} (${title})`),
            copies_objects: copyData,
          })),
    next: 'Read the resource of a workflow before you make a package with it.',
  }
}

/** What happens when a call names no workflow (formats.md 8.2). */
function ruleOf({ defaultWorkflow, isWorkflowRequired }: WorkflowConfig): string {
  const without = isWorkflowRequired
    ? 'No package is made without a workflow'
    : 'workflow: null makes a package without one'
  if (defaultWorkflow !== undefined) return `Without the argument workflow, ${defaultWorkflow} is used. ${without}.`
  return isWorkflowRequired
    ? `${without}: pass the id of one.`
    : 'Without the argument workflow, a package is made without one.'
}

function workflowFacts(bucket: string, workflow: Workflow, { defaultWorkflow }: WorkflowConfig) {
  const { id, name, description, metadataSchema, entriesSchema, handlePattern, isMessageRequired } = workflow
  return {
    id,
    name: untrusted(name),
    ...(description !== undefined && { description: untrusted(description) }),
    ...(id === defaultWorkflow && { default: true }),
    ...(isMessageRequired && { message_required: true }),
    ...(handlePattern !== undefined && { name_pattern: untrusted(handlePattern) }),
    ...(metadataSchema !== undefined && { metadata_schema: untrusted(metadataSchema) }),
    ...(entriesSchema !== undefined && { entries_schema: untrusted(entriesSchema) }),
    resource: workflowUri(bucket, id),
  }
}
