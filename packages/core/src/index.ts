// The door of @quilt-mcp/core: the Quilt data model. Pure: no network, no files, no clock.
export { bucketUrl, type ObjectPage, objectUrl, type PackagePage, packageUrl } from './catalog-url.js'
export {
  type ChunkedSha256,
  chunkedSha256,
  createChunkedSha256,
  partSizeBytes,
} from './checksum/chunked-sha256.js'
export type { Content } from './checksum/content.js'
export {
  type Crc64Nvme,
  type Crc64NvmePart,
  combineCrc64Nvme,
  crc64nvme,
  createCrc64Nvme,
} from './checksum/crc64nvme.js'
export {
  createParallelSha256,
  type ParallelSha256,
  type ParallelSha256Options,
  type RangeSource,
} from './checksum/parallel.js'
export { fromS3Sha256, hashFromS3, type S3Checksums, type S3HashType } from './checksum/s3-checksum.js'
export { createHashOfType, type RunningHash, verifyHash } from './checksum/verify.js'
export { compareCodePoints } from './code-points.js'
export { type ErrorCode, errorCodes, QuiltError, type QuiltErrorOptions } from './errors.js'
export { anyGlobMatcher, globMatcher, isGlob } from './glob.js'
export { encodeCanonicalJson, encodeJson, encodeManifestJson } from './json/encode.js'
export { parseJson } from './json/parse.js'
export { fromPlain, toPlain } from './json/plain.js'
export { sameJson } from './json/same.js'
export { emptyJsonObject, isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from './json/value.js'
export { exampleOf } from './json-schema/example.js'
export type { SchemaFailure } from './json-schema/failure.js'
export type { DirectoryMeta, Entry, ManifestHeader, ObjectHash } from './manifest/entry.js'
export { type HeaderContent, headerMessage, headerUserMeta, headerWorkflow, newHeader } from './manifest/header.js'
export { type BuildIndexOptions, buildManifestIndex } from './manifest/manifest-index/build.js'
export type { ExtensionSummary } from './manifest/manifest-index/extensions.js'
export type { IndexRecord, LineSpan } from './manifest/manifest-index/key-blocks.js'
export type { IndexOwner } from './manifest/manifest-index/layout.js'
export {
  type DirectoryListing,
  type IndexedChild,
  type IndexedDirectory,
  type IndexedFile,
  type ListRange,
  type ManifestIndex,
  type ManifestSummary,
  openManifestIndex,
  openManifestIndexFrom,
} from './manifest/manifest-index/open.js'
export type { IndexSource } from './manifest/manifest-index/pages.js'
export type { ReadManifestOptions } from './manifest/open-lines.js'
export { compareLogicalKeys } from './manifest/order.js'
export { type ManifestBatch, type OpenManifest, openManifest } from './manifest/read.js'
export { isEmptyMeta } from './manifest/record.js'
export { type ManifestChanges, rewriteManifest } from './manifest/rewrite.js'
export { createTopHash, type TopHash, topHashOf } from './manifest/top-hash.js'
export { type ManifestContent, maxManifestRecordBytes, writeManifest } from './manifest/write.js'
export {
  checkBucketName,
  checkLogicalKey,
  isAsciiPackageName,
  isBucketName,
  isPackageName,
  isTopHash,
  parsePackageName,
} from './name.js'
export { nameFilter } from './name-filter.js'
export { nearNames } from './near-names.js'
export {
  type FilePhysicalKey,
  formatPhysicalKey,
  type PhysicalKey,
  parsePhysicalKey,
  type S3PhysicalKey,
} from './physical-key.js'
export type {
  Bound,
  FieldMatch,
  FieldQuery,
  PatternPart,
  Query,
  RangeMatch,
  RangeValue,
  Span,
  TextMatch,
} from './query/ast.js'
export { allOf, fieldFilter } from './query/field-filter.js'
export {
  type FieldDefinition,
  type FieldName,
  type FieldType,
  fieldOf,
  fieldWords,
  type SearchScope,
  searchFields,
} from './query/fields.js'
export { formatQuery } from './query/format.js'
export {
  type NaturalFilter,
  type NaturalOptions,
  type NaturalReading,
  naturalFilters,
} from './query/natural.js'
export { parseQuery } from './query/parse.js'
export { wordMatch } from './query/pattern.js'
export { searchSyntaxPage } from './query/syntax-page.js'
export { checkTerms } from './query/term-count.js'
export { metaReadings } from './query/values.js'
export { quiltIgnore } from './quiltignore.js'
export {
  type BucketReference,
  type ObjectReference,
  type PackageReference,
  parseReference,
  type Reference,
} from './reference.js'
export {
  latestTag,
  manifestKey,
  manifestsPrefix,
  namedPackagesPrefix,
  parsePointerKey,
  pointerKey,
  pointerPrefix,
  pointerSeconds,
  workflowConfigKey,
} from './registry-layout.js'
export { type AlignedEntries, alignEntries, type EntryBatches } from './revision/align.js'
export { diffEntries, type EntryChange, type EntryDifference, type RevisionDiff } from './revision/diff.js'
export { diffManifests } from './revision/diff-manifests.js'
export { type MergeBatch, type MergeConflict, type MergeSources, mergeEntries } from './revision/merge.js'
export {
  type AskedEntry,
  checkedBucketPlace,
  checkedPlace,
  clashingEntries,
  createClashCheck,
  type EntryFailure,
  entryNotFetched,
  invalidParameter,
  wrongFacts,
} from './revision/planned-entries.js'
export type { SearchDocument } from './search/document.js'
export { fileExtension } from './search/file-extension.js'
export { highlightsOf } from './search/highlights.js'
export type { EntryHit, Highlight, MatchingFile, ObjectHit, PackageHit, SearchHit } from './search/hit.js'
export { type MatchOptions, matchesQuery } from './search/matches.js'
export { type MetaValue, metaValues, metaWordsText } from './search/meta-values.js'
export type {
  Facet,
  FacetRequest,
  FacetValue,
  Indexing,
  LeftOut,
  MetaType,
  SearchAnswer,
  SearchOrder,
  SearchRequest,
  SentSearch,
} from './search/request.js'
export { checkScope } from './search/scope.js'
export { scoreOf, termsOf } from './search/score.js'
export { isWordPattern, keywordMatches } from './search/text-match.js'
export { foldText, searchWords } from './search/words.js'
export {
  formatSummarize,
  parseSummarize,
  type SummarizeFile,
  type SummarizeRow,
  type SummarizeType,
  summarizeTypeNames,
} from './summarize.js'
export {
  formatTabulatorTable,
  parseTabulatorTable,
  type TabulatorColumn,
  type TabulatorParser,
  type TabulatorSource,
  type TabulatorTable,
  tabulatorColumnNames,
  tabulatorColumnTypes,
} from './tabulator.js'
export { formatQuiltUri, type PackageSpec, parsePackageSpec, parseQuiltUri, type QuiltUri } from './uri.js'
export {
  type FileDifference,
  type FileSource,
  type FoundFile,
  type VerifyFilesOptions,
  verifyFiles,
} from './verify/files.js'
export { type VerifiedManifest, verifyManifest } from './verify/manifest.js'
export {
  type CheckedEntry,
  checkWorkflow,
  type LoadedSchema,
  type WorkflowFailure,
  type WorkflowSubject,
  workflowRecord,
} from './workflow/check.js'
export { chooseWorkflow, type SchemaReference, type WorkflowChoice } from './workflow/choose.js'
export { parseWorkflowConfig, type Successor, type Workflow, type WorkflowConfig } from './workflow/config.js'
export { parseYaml } from './yaml/parse.js'
