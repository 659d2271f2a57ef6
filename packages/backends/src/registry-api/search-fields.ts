// What searches ask of each thing they find, in GraphQL. `search-answers.ts` reads it.

/** Of a `SearchHitPackage`. */
export const packageHitFields = /* GraphQL */ `bucket name pointer hash size modified totalEntriesCount comment meta workflow
  matchLocations { name comment meta workflow }
  matchingEntries { logicalKey physicalKey size meta matchLocations { logicalKey physicalKey meta contents } }`

/** Of a `SearchHitObject`. */
export const objectHitFields = /* GraphQL */ `bucket key version size modified deleted indexedContent`

/** Of the `PackagesSearchStats`. */
export const packageStatsFields = /* GraphQL */ `modified { min max } size { min max } entries { min max } workflow { values }
  userMetaTruncated userMeta { __typename ... on IPackageUserMetaFacet { path } }`

/** Of the members of every union that are no success. */
export const refusalFields = /* GraphQL */ `... on InvalidInput { errors { path message name context } }
  ... on OperationError { message name context }`
