// The registries that a user names, told apart: buckets in S3, folders on this machine.

export interface NamedRegistries {
  /** Names of buckets. */
  readonly buckets: readonly string[]
  /** `file://` URLs. */
  readonly folders: readonly string[]
}

/** @param registries `s3://bucket`, names of buckets, `file:///path` */
export function namedRegistries(registries: readonly string[] = []): NamedRegistries {
  const folders = registries.filter((registry) => registry.startsWith('file://'))
  const buckets = registries
    .filter((registry) => !registry.startsWith('file://'))
    .map((registry) => registry.replace(/^s3:\/\//, '').replace(/\/.*$/, ''))
  return { buckets: [...new Set(buckets)], folders: [...new Set(folders)] }
}
