// What a promotion takes over from its source, on every backend.
import { headerMessage, headerUserMeta, type ManifestHeader } from '@quilt-mcp/core'
import type { PromotePlan, PushPlan } from './port.js'

/** A push without entries. */
export type PushTarget = Omit<PushPlan, 'entries' | 'directories'>

/** Where the revision goes: message and metadata are those of the source where the plan does not say. */
export function targetOf(header: ManifestHeader, plan: PromotePlan): PushTarget {
  const { bucket, name, base, workflow } = plan
  const message = plan.message === undefined ? (headerMessage(header) ?? null) : plan.message
  const userMeta = plan.userMeta === undefined ? headerUserMeta(header) : plan.userMeta
  return {
    bucket,
    name,
    message,
    ...(userMeta === undefined ? {} : { userMeta }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(base === undefined ? {} : { base }),
  }
}

/** The folder that copied objects go to, with its slash: `<prefix>/<name>/`. */
export function folderOf({ prefix = '', name }: Pick<PromotePlan, 'prefix' | 'name'>): string {
  const above = prefix.replace(/^\/+|\/+$/g, '')
  return above === '' ? `${name}/` : `${above}/${name}/`
}
