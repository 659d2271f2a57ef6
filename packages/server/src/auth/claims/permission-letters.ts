// The letters by which a compressed token names S3 actions (token claims, 3).

const verbs = { g: 'Get', p: 'Put', d: 'Delete' } as const
const objectParts: Readonly<Record<string, string>> = {
  m: 'ObjectMetadata',
  l: 'ObjectLockConfiguration',
  t: 'ObjectTagging',
  r: 'ObjectRetention',
  c: 'ObjectLegalHold',
}
const bucketParts: Readonly<Record<string, string>> = {
  b: 'BucketLocation',
  bl: 'BucketLifecycle',
  bt: 'BucketTagging',
  ba: 'BucketAcl',
  bp: 'BucketPolicy',
}

const actions: ReadonlyMap<string, string> = new Map([
  ['g', 's3:GetObject'],
  ['p', 's3:PutObject'],
  ['d', 's3:DeleteObject'],
  ['l', 's3:ListBucket'],
  ['la', 's3:ListAllMyBuckets'],
  ['gv', 's3:GetObjectVersion'],
  ['pa', 's3:PutObjectAcl'],
  ['amu', 's3:AbortMultipartUpload'],
  ...Object.entries(verbs).flatMap(([letter, verb]) =>
    Object.entries({ ...objectParts, ...bucketParts }).map(([part, thing]): [string, string] => [
      `${letter}${part}`,
      `s3:${verb}${thing}`,
    ]),
  ),
])

/** The action of a letter; what is no letter is an action already. */
export const actionOf = (letter: string): string => actions.get(letter) ?? letter
