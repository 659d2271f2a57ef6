// What holds for a plan on every backend before anything is written.
import { isJsonObject, type Json, type JsonObject, QuiltError } from '@quilt-mcp/core'
import type { PushPlan } from './port.js'

/** @param latest top hash that `latest` has; undefined when there is no such package
 * @throws {QuiltError} `conflict` when the plan has a base and it is another */
export function checkBase(
  { bucket, name, base }: Pick<PushPlan, 'bucket' | 'name' | 'base'>,
  latest: string | undefined,
): void {
  if (base === undefined || (base ?? undefined) === latest) return
  const expected = base === null ? 'that there is no such package' : `latest to be ${base}`
  const found = latest === undefined ? 'there is none' : `latest is ${latest}`
  throw new QuiltError('conflict', `${name} in ${bucket}: expected ${expected}, but ${found}; nothing was written`, {
    hint:
      base === null
        ? 'Change the existing package with package_update, or choose another name.'
        : 'Read the current revision, then make the change again.',
    details: { bucket, name, expected: base, found: latest ?? null },
    nextTools: base === null ? ['package_update', 'package_browse'] : ['package_browse', 'package_diff'],
  })
}

/** Package metadata as a registry takes it. @throws {QuiltError} `invalid_input` when it is neither an object nor null */
export function metadataRecord(userMeta: Json): JsonObject | null {
  if (userMeta === null || isJsonObject(userMeta)) return userMeta
  throw new QuiltError('invalid_input', 'The registry takes only an object, or nothing, as package metadata', {
    hint: 'Wrap the value in an object: {"value": ...}.',
  })
}
