// Workflows of buckets whose packages are the registry's: their files are objects like others.
import {
  formatPhysicalKey,
  parsePhysicalKey,
  parseWorkflowConfig,
  QuiltError,
  workflowConfigKey,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { Objects } from '../../objects/port.js'
import {
  mostConfigBytes,
  mostSchemaBytes,
  type PushWorkflow,
  unreadableSchema,
  withSchemas,
} from '../manifests/push-workflow.js'
import { shortText } from '../manifests/stored-text.js'
import type { Packages, PushPlan } from '../port.js'

/** @param objects read with the principal's own credentials */
export function objectWorkflows(objects: Pick<Objects, 'read'>): Pick<Packages, 'workflowConfig' | 'workflowSchema'> {
  return {
    async workflowConfig(bucket, { signal }: CallOptions = {}) {
      const found = await unlessMissing(objects.read({ bucket, key: workflowConfigKey }, { signal }))
      if (found === undefined) return undefined
      const { versionId } = found
      const place = { kind: 's3', bucket, key: workflowConfigKey } as const
      const url = formatPhysicalKey(versionId === undefined ? place : { ...place, versionId })
      return parseWorkflowConfig(await shortText(found, { what: url, mostBytes: mostConfigBytes }), { url })
    },

    async workflowSchema(_bucket, { id, url }, { signal } = {}) {
      const what = `the schema ${JSON.stringify(id)} of the workflow`
      const place = parsePhysicalKey(url)
      if (place.kind === 'file') throw unreadableSchema(what, url)
      try {
        const found = await objects.read(place, { signal })
        const text = await shortText(found, { what, mostBytes: mostSchemaBytes })
        return { text, url: formatPhysicalKey({ ...place, versionId: found.versionId ?? place.versionId }) }
      } catch (error) {
        if (!(error instanceof QuiltError) || (error.code !== 'not_found' && error.code !== 'forbidden')) throw error
        throw unreadableSchema(what, url, error)
      }
    },
  }
}

/** The workflow of a push, read with the principal's own credentials. `unread` when they may not read it: then only the registry can tell.
 * @throws {QuiltError} `invalid_input` when the choice is not possible */
export async function chooseBucketWorkflow(
  objects: Pick<Objects, 'read'>,
  { bucket, workflow }: Pick<PushPlan, 'bucket' | 'workflow'>,
  options: CallOptions = {},
): Promise<PushWorkflow | undefined | 'unread'> {
  const { workflowConfig, workflowSchema } = objectWorkflows(objects)
  try {
    const config = await workflowConfig(bucket, options)
    return await withSchemas(config, workflow, (reference) => workflowSchema(bucket, reference, options))
  } catch (error) {
    if (isRefused(error) || (error instanceof QuiltError && isRefused(error.cause))) return 'unread'
    throw error
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof QuiltError && (error.code === 'forbidden' || error.details?.s3 === 'NoSuchBucket')

/** What was read, or undefined when there is no such object in a bucket that is there. */
async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    const isMissing = error instanceof QuiltError && error.code === 'not_found' && error.details?.s3 !== 'NoSuchBucket'
    if (!isMissing) throw error
    return undefined
  }
}
