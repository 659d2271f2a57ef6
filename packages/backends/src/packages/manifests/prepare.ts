// Everything that is to be settled before a revision is written into a registry of stored files: base, workflow, entries. One way for
// pushes, checks and promotions.
import { type CheckedEntry, type DirectoryMeta, type Entry, newHeader } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { Objects } from '../../objects/port.js'
import type { PushPlan } from '../port.js'
import type { PushTarget } from '../promote-plan.js'
import { checkBase, metadataRecord } from '../push-plan.js'
import { type CompleteEntry, completeEntries } from '../pushing/complete.js'
import { createEntryRecords } from '../pushing/entry-records.js'
import type { OrderedEntries } from '../pushing/plan-entries.js'
import { type Survey, surveyEntries } from '../pushing/survey.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { type CopyInside, copyEntry } from './entry-copy.js'
import { readLatest } from './pointers.js'
import { checkPushWorkflow, choosePushWorkflow, type PushWorkflow, recordOf } from './push-workflow.js'
import { type StagedManifest, stageManifest } from './staged-manifest.js'
import { storedUrl } from './stored-text.js'

export interface RevisionDeps {
  readonly objects: Pick<Objects, 'read' | 'put'>
  readonly entries: EntryObjects
  /** Copies objects without their bytes coming here. Absent: they are read and written. */
  readonly copyInside?: CopyInside | undefined
}

/** A revision to be made. */
export interface RevisionDraft {
  readonly target: PushTarget
  readonly entries: OrderedEntries
  readonly count: number
  readonly directories: readonly DirectoryMeta[]
  /** Where uploads and copies go: a folder with its slash. */
  readonly folder: string
  readonly copies: (logicalKey: string, physicalKey: string) => boolean
  /** Default: as the backend looks at objects. */
  readonly look?: EntryObjects['look'] | undefined
  /** As in a plan. */
  readonly onCompleted?: PushPlan['onCompleted'] | undefined
  /** For errors: `Making a revision`. */
  readonly attempt: string
}

/** A revision of which everything was checked. */
export interface PreparedRevision extends Pick<Survey, 'uploads' | 'copies' | 'hashed'> {
  readonly workflow: PushWorkflow | undefined
  /** Uploads, copies and hashes what there is, and makes the manifest. Once. */
  complete(): Promise<StagedManifest>
  close(): Promise<void>
}

/** Checks everything, and writes nothing.
 * @throws {QuiltError} `conflict` when the base does not hold; `invalid_input` with all that is wrong with the entries, or that the
 *   workflow does not let pass */
export async function prepareRevision(
  deps: RevisionDeps,
  store: RegistryStore,
  draft: RevisionDraft,
  options: CallOptions = {},
): Promise<PreparedRevision> {
  const { target, entries, directories } = draft
  const userMeta = target.userMeta === undefined ? undefined : metadataRecord(target.userMeta)
  checkBase(target, (await readLatest(store, target.name, options))?.topHash)
  const workflow = await choosePushWorkflow({ store, objects: deps.objects }, target.workflow, options)
  const subject = { name: target.name, message: target.message, userMeta }
  // What an entries schema says comes together with all else.
  const needsEntries = workflow?.choice.entriesSchema !== undefined
  if (workflow !== undefined && !needsEntries) await checkPushWorkflow(workflow, { ...subject, entries: [] })
  const record = workflow === undefined ? undefined : recordOf(workflow)
  const header = newHeader({ message: target.message, userMeta, workflow: record })

  const checked: (readonly CheckedEntry[])[] = []
  const records = createEntryRecords()
  const look = draft.look ?? deps.entries.look
  const survey = surveyEntries(
    {
      ...draft,
      look,
      records,
      onEntries: needsEntries ? (batch) => checked.push(batch) : undefined,
    },
    options,
  )
  let staged: StagedManifest | undefined
  try {
    staged = await stageManifest({ header, directories, entries: survey.batches() })
    if (workflow !== undefined && needsEntries) await checkPushWorkflow(workflow, { ...subject, entries: checked })
  } catch (error) {
    await records.close()
    await staged?.close()
    throw error
  }
  const { uploads, copies, hashed } = survey
  const first = staged
  const isComplete = uploads.objects + copies.objects + hashed.objects === 0
  return {
    workflow,
    uploads,
    copies,
    hashed,
    async complete() {
      if (isComplete) return first
      await first.close()
      const mayExist = copies.objects > 0 && (await holdsAny(store, draft.folder, options))
      const completed = completeEntries(
        {
          objects: deps.objects,
          hash: (found, call) => deps.entries.hash(found, call),
          target: { bucket: target.bucket, folder: draft.folder },
          urlOf: (key, versionId) => storedUrl(store, key, versionId),
          copies: draft.copies,
          onCompleted: draft.onCompleted,
          copy: (logicalKey, found, call) =>
            copyEntry(deps, { store, key: `${draft.folder}${logicalKey}`, logicalKey, found, mayExist }, call),
        },
        { entries, records, work: survey },
        options,
      )
      staged = await stageManifest({ header, directories, entries: withHashes(completed) })
      return staged
    },
    async close() {
      await records.close()
      await first.close()
      await staged?.close()
    },
  }
}

async function* withHashes(batches: AsyncIterable<readonly CompleteEntry[]>): AsyncGenerator<readonly Entry[]> {
  for await (const batch of batches) yield batch.filter(hasHash)
}

function hasHash(entry: CompleteEntry): entry is Entry {
  if (entry.hash !== undefined) return true
  throw new Error(`${entry.logicalKey} was left without hash`)
}

/** Whether anything lies in a folder already. */
async function holdsAny(store: RegistryStore, folder: string, { signal }: CallOptions): Promise<boolean> {
  for await (const batch of store.list(folder, { signal })) if (batch.length > 0) return true
  return false
}
