// Brings a change of JSON together with what somebody else made of the same value meanwhile.
import { isJsonObject, type Json, sameJson } from '@quilt-mcp/core'

/** The three values of a merge; undefined: not there. */
export interface ThreeValues {
  readonly base: Json | undefined
  readonly ours: Json | undefined
  readonly theirs: Json | undefined
}

/** The value with both changes, member by member where all are objects. Of members that both changed in two ways, `conflict` gets the path. */
export function threeWay(
  { base, ours, theirs }: ThreeValues,
  conflict: (path: string) => void,
  path = '',
): Json | undefined {
  if (isSame(base, ours) || isSame(ours, theirs)) return theirs
  if (isSame(base, theirs)) return ours
  if (!isJsonObject(ours) || !isJsonObject(theirs)) {
    conflict(path)
    return theirs
  }
  const old = isJsonObject(base) ? base : new Map<string, Json>()
  const merged = new Map<string, Json>()
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const values = { base: old.get(key), ours: ours.get(key), theirs: theirs.get(key) }
    const value = threeWay(values, conflict, path === '' ? key : `${path}.${key}`)
    if (value !== undefined) merged.set(key, value)
  }
  return merged
}

/** Whether both are the same value, or neither is there. */
export const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : sameJson(a, b)
