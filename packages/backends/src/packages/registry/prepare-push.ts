// What can be settled of a push before the registry is asked to make it: the workflow, the entries, and the bytes that come along.
// Without credentials of one's own that is little; then the registry decides.
import { type CheckedEntry, checkedBucketPlace, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import { asStated, type EntryObjects } from '../../objects/entry-facts.js'
import { copyEntry } from '../manifests/entry-copy.js'
import { checkPushWorkflow, toldOf } from '../manifests/push-workflow.js'
import type { PlannedEntry, PushCheck, PushPlan } from '../port.js'
import { metadataRecord } from '../push-plan.js'
import { type CompleteEntry, completeEntries } from '../pushing/complete.js'
import { copyRule } from '../pushing/copy-rule.js'
import { createEntryRecords } from '../pushing/entry-records.js'
import { allEntries, hasContent, isListed, orderedEntries } from '../pushing/plan-entries.js'
import { putInBucket } from '../pushing/put-object.js'
import { surveyEntries } from '../pushing/survey.js'
import type { OwnReach } from './own-reach.js'
import { chooseBucketWorkflow } from './workflows.js'

/** A push of which all was checked that can be. */
export interface PreparedPush extends PushCheck {
  /** Uploads and copies what there is. Once. @returns all entries */
  complete(): Promise<readonly (PlannedEntry | CompleteEntry)[]>
}

export interface Preparation {
  /** Absent: nothing is looked at. */
  readonly own?: OwnReach | undefined
  /** Whether objects are looked at though the registry will do so itself. */
  readonly looksAtAll: boolean
}

/** Checks, and writes nothing. @throws {QuiltError} `invalid_input` as a push; `unsupported` when objects cannot be copied */
export async function preparePush(
  { own, looksAtAll }: Preparation,
  plan: PushPlan,
  options: CallOptions = {},
): Promise<PreparedPush> {
  const { bucket, name, copy = 'none' } = plan
  const { signal } = options
  const reach = own !== undefined && (await own.available(signal)) ? own : undefined
  const chosen = reach === undefined ? 'unread' : await chooseBucketWorkflow(reach.objects, plan, options)
  const workflow = chosen === 'unread' ? undefined : chosen
  const subject = { name, message: plan.message, userMeta: plan.userMeta && metadataRecord(plan.userMeta) }
  const needsEntries = workflow?.choice.entriesSchema !== undefined
  if (workflow !== undefined && !needsEntries) await checkPushWorkflow(workflow, { ...subject, entries: [] })

  const given = await allEntries(plan.entries, options)
  const hasWork = copy !== 'none' || given.some(hasContent)
  if (hasWork && reach === undefined) throw withoutReach(given.find(hasContent)?.logicalKey)
  const looks = reach !== undefined && (looksAtAll || hasWork || needsEntries)
  const entries = orderedEntries(given)
  const records = createEntryRecords()
  const checked: (readonly CheckedEntry[])[] = []
  const root = { url: `s3://${bucket}` }
  const folder = `${name}/`
  const copies = copyRule(root, { folder, copy })
  const survey = surveyEntries(
    {
      entries,
      count: given.length,
      look: looks && !(looksAtAll && isListed(plan.entries)) ? reach.entries.look : placeOnly,
      copies,
      records,
      onEntries: needsEntries ? (batch) => checked.push(batch) : undefined,
      onCompleted: looksAtAll ? undefined : plan.onCompleted,
      attempt: 'Making a revision',
    },
    looks ? options : { signal },
  )
  try {
    // Who makes the package looks at all of it anyway, and names all that is wrong.
    if (looks || looksAtAll) for await (const _ of survey.batches()) signal?.throwIfAborted()
    if (workflow !== undefined && needsEntries) await checkPushWorkflow(workflow, { ...subject, entries: checked })
  } catch (error) {
    await records.close()
    throw error
  }
  const { uploads } = survey
  return {
    ...toldOf(workflow),
    uploads,
    copies: survey.copies,
    ...(chosen === 'unread' || !looks ? { notes: [registryDecides] } : {}),
    async complete() {
      try {
        if (!looks) return given
        const store = reach.storeOf(bucket)
        const completed = completeEntries(
          {
            put: putInBucket(reach.objects, { ...root, bucket, folder }),
            copies,
            onCompleted: plan.onCompleted,
            copy: (logicalKey, found, call) =>
              copyEntry(reach, { store, key: `${folder}${logicalKey}`, logicalKey, found, mayExist: true }, call),
          },
          { entries, records, work: { ...survey, hashed: { objects: 0, bytes: 0 } } },
          options,
        )
        const all: CompleteEntry[] = []
        for await (const batch of completed) for (const entry of batch) all.push(entry)
        return all
      } finally {
        await records.close()
      }
    },
  }
}

/** Looks at no object: the registry will. */
const placeOnly: EntryObjects['look'] = (entry) => {
  const checked = checkedBucketPlace(entry)
  return 'failure' in checked ? checked : asStated(entry)
}

const registryDecides =
  'Not all could be checked with credentials of your own: the registry decides about the workflow and the objects when the package is made.'

/** @param logicalKey of an entry that would be uploaded; undefined: objects would be copied */
function withoutReach(logicalKey: string | undefined): QuiltError {
  if (logicalKey === undefined)
    return new QuiltError('unsupported', `Objects cannot be copied: ${takesCredentials}`, {
      hint: 'Leave copy out, so that the package names objects where they lie; or have the registry copy a finished package into another bucket with package_promote.',
      nextTools: ['package_promote'],
    })
  return new QuiltError('unsupported', `${logicalKey} cannot be uploaded: ${takesCredentials}`, {
    hint: 'Upload the file in the web catalog or with the AWS CLI, then make the package of its s3:// URI.',
    details: { logicalKey },
    nextTools: ['package_create'],
  })
}

const takesCredentials = 'that takes AWS credentials of your own, and the registry gives you none'
