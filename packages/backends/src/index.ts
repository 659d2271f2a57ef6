// The door of @quilt-mcp/backends: the port, and the ways to make a backend.
export type {
  Backend,
  BackendName,
  Bucket,
  Buckets,
  Identity,
  RoleSwitch,
  Roles,
  SelectionStep,
} from './backend.js'
export type { CallOptions, Page, PageOptions, Progress } from './call-options.js'
export { readCatalogConfig } from './catalog-config.js'
export type { AssumeRoleOptions, AssumeRoleOutcome, RoleSigner } from './credentials/assume-role.js'
export { type CredentialCache, createCredentialCache } from './credentials/cache.js'
export {
  type LoggedIn,
  type LoginTarget,
  type LoginTargetOptions,
  logIn,
  loginTarget,
  logOut,
} from './credentials/login.js'
export type { AwsCredentials } from './credentials/outcome.js'
export { type ProcessRoleSignerOptions, processRoleSigner } from './credentials/process-role-signer.js'
export { awsClientConfig } from './http/aws-client.js'
export { readText } from './http/body.js'
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http/client.js'
export type { Reach } from './http/reach.js'
export { checkToken, type Me } from './identity.js'
export { fileContent } from './objects/content.js'
export { type LocalFiles, type LocalFilesOptions, localFiles } from './objects/local-files.js'
export type {
  ByteRange,
  ContentSource,
  Links,
  ListObjectsOptions,
  ObjectBody,
  ObjectContent,
  ObjectInfo,
  ObjectLink,
  ObjectListItem,
  ObjectLocation,
  Objects,
  PutOptions,
  ReadObjectOptions,
  WrittenObject,
} from './objects/port.js'
export { type PrefixFilesOptions, prefixFiles } from './objects/prefix-files.js'
export {
  createUnfinishedUploads,
  type UnfinishedUploads,
  type UnfinishedUploadsOptions,
} from './objects/unfinished-uploads.js'
export type { UploadConditions, UploadRequest, Uploads, UploadTicket } from './objects/uploads-port.js'
export { createIndexCache, type IndexCache, type IndexCacheOptions } from './packages/indexes/index-cache.js'
export type {
  CompletedEntry,
  ContentEntry,
  CopyMode,
  DirectoryItem,
  DirItem,
  FileItem,
  ListPackagesOptions,
  PackageReader,
  PackageRef,
  PackageSummary,
  Packages,
  PlacedEntry,
  PlannedEntry,
  PlannedEntryStream,
  PromotePlan,
  PushCheck,
  PushPlan,
  PushResult,
  RemoveResult,
  Revision,
  RevisionSummary,
  Volume,
} from './packages/port.js'
export { createEntryCache, type EntryCache, type EntryCacheOptions } from './packages/registry/entry-cache.js'
export { type PlatformOptions, platformBackend } from './platform.js'
export { type StackUrls, stackKey } from './registry-api/address.js'
export { createUploadUrlOffers, type UploadUrlOffers } from './registry-api/upload-url-offers.js'
export type { Search } from './search/port.js'
export { createSearchForms, type SearchForms } from './search/registry/search-forms.js'
export { selectBackend } from './select.js'
export type { BackendChoice, SelectOptions } from './selection/way-in.js'
export type { Surroundings } from './surroundings.js'
export { unauthenticatedBackend } from './unauthenticated.js'
