// Makes a revision of exactly the entries that are given (formats.md 7.4). There is no parent check: the last writer wins.
import { clashingEntries, compareLogicalKeys, type Entry } from '@quilt-mcp/core'
import type { Principal } from '../identity/principal.js'
import { type InputFailure, InputRefused } from './failures.js'
import { completeEntry, type EntryInput } from './new-entry.js'
import type { Revision } from './pointers.js'
import { checkPush, type PushDeps, type PushParams, publishRevision } from './push.js'
import { passWorkflow, selectWorkflow } from './workflows.js'

const entriesAtOnce = 8

/**
 * Checks all, completes the entries by what the caller may read, and writes the revision.
 * @throws {InputRefused} with everything that is wrong with the entries
 * @throws {OperationRefused} `Forbidden`, or for workflows
 */
export async function constructPackage(
  deps: PushDeps,
  principal: Principal,
  params: PushParams,
  inputs: readonly EntryInput[],
): Promise<Revision> {
  checkPush(deps.store, principal, params)
  const chosen = await selectWorkflow({ store: deps.store, principal }, params)
  const entries = await completeEntries(deps, principal, inputs)
  const workflow = chosen && (await passWorkflow(chosen, { ...params, entries }))
  return publishRevision(deps, params, { workflow, entries })
}

async function completeEntries(
  { store }: PushDeps,
  principal: Principal,
  inputs: readonly EntryInput[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  const failures: { index: number; failure: InputFailure }[] = clashingEntries(inputs).map(({ index, failure }) => ({
    index,
    failure: { path: pathOf(index), ...failure },
  }))
  const left = inputs.entries()
  const work = async (): Promise<void> => {
    for (const [index, input] of left) {
      const result = await completeEntry(input, { store, principal })
      if ('entry' in result) entries.push(result.entry)
      else failures.push({ index, failure: { path: pathOf(index), ...result.failure } })
    }
  }
  await Promise.all(Array.from({ length: entriesAtOnce }, work))
  if (failures.length > 0)
    throw new InputRefused(failures.sort((a, b) => a.index - b.index).map(({ failure }) => failure))
  return entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

const pathOf = (index: number): string => `src.entries.${index}`
