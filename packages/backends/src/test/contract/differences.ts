// Where a backend cannot keep a promise of the port. docs/reference/backends.md tells each with its reason; a test compares the two.
import type { BackendName } from '../../backend.js'

export type ContractBackend = Exclude<BackendName, 'unauthenticated'>

export interface Difference {
  readonly backend: ContractBackend
  /** The heading in docs/reference/backends.md under which it is told why. */
  readonly reason: string
  /** Subject and title of the cases that do not hold. */
  readonly cases: readonly string[]
  /** The case holds in one run and not in the next: it is left out. Default: it never holds, and must fail. */
  readonly byChance?: boolean
}

const roleSwitching = [
  'roles may be switched to: to the active one as well, which changes nothing',
  "roles are refused when they are not one's own, with those that are",
  'roles are not switched when the signal was given up before',
]

export const differences: readonly Difference[] = [
  {
    backend: 'platform',
    reason: 'Two who push from the same base at once',
    cases: ['a push of two from the same base at once is a conflict for one'],
    byChance: true,
  },
  {
    backend: 'platform',
    reason: 'Package metadata null',
    cases: [
      'a push with metadata null is not one without metadata',
      'what is stored tells metadata null, {} and absent apart: "null"',
    ],
  },
  {
    backend: 'platform',
    reason: 'Pushing the same content again',
    cases: ['a push of the same content again writes nothing'],
  },
  {
    backend: 'platform',
    reason: 'A manifest that is there already',
    cases: [
      'what is stored by another program is never rewritten in silence: a manifest of the same top hash keeps its places',
      'what is stored as directory metadata is not lost: pushing its entries anew asks for another message',
    ],
  },
  {
    backend: 'platform',
    reason: 'What a promotion copies',
    cases: ['a promotion is asked by the caller not to copy', 'a promotion is asked by the caller to copy'],
  },
  {
    backend: 'local',
    reason: 'Versions',
    cases: [
      'objects keep every version, each read by its id',
      'an entry shows the bytes of its version after the object was overwritten',
      'a push pins the version of every object',
      'a push tells nothing but the revision when all is well',
    ],
  },
  {
    backend: 'local',
    reason: 'Content type and metadata of objects',
    cases: ['objects keep their content type and metadata'],
  },
  {
    backend: 'local',
    reason: 'Who may only read',
    cases: [
      'objects are read by who may only read, and not written',
      'revisions are seen by who may only read',
      'an entry is named and read by who may only read',
      'a push is refused for who may only read, and nothing is written',
    ],
  },
  {
    backend: 'local',
    reason: 'Links',
    cases: ['objects are uploaded by links, without signing in, and not replaced where that was not wanted'],
  },
  {
    backend: 'local',
    reason: 'Files of a machine',
    cases: ['an entry in a file of another machine cannot be read, and says so'],
  },
  { backend: 'local', reason: 'Nobody has a role', cases: roleSwitching },
  { backend: 'session', reason: 'Roles of a session', cases: roleSwitching },
  { backend: 'iam', reason: 'Roles of AWS', cases: roleSwitching },
]
