// The door of the search index: catalogues of packages, files and objects in SQLite (decision 0012).
export type { BucketIndex, IndexState, RefreshOptions } from './bucket-index.js'
export { type OpenIndexOptions, openBucketIndex } from './open-index.js'
export { type IndexAnswer, type SearchOptions, searchIndexes } from './searching/search-indexes.js'
export type { ListedObject, ListedPointer, RegistrySource, SourceOptions } from './source.js'
export { isDamage } from './sqlite.js'
export { isSmallText, mostTextBytes } from './text-files.js'
