// Where workflows are read: named by resources, and by errors of calls that a workflow refused.
import { expandedUri } from '../mcp/uri-template.js'

export const workflowTemplate = 'quilt-platform://buckets/{bucket}/workflows/{id}'

/** URI of the resource of one workflow. */
export const workflowUri = (bucket: string, id: string): string => expandedUri(workflowTemplate, { bucket, id })

export const workflowsTemplate = 'quilt-platform://buckets/{bucket}/workflows'

/** URI of the resource of all workflows of a bucket. */
export const workflowsUri = (bucket: string): string => expandedUri(workflowsTemplate, { bucket })
