// The GraphQL schema of this stack: a part of the real registry's, in its own names (formats.md 7). A test holds it against the real one.

export const typeDefs = /* GraphQL */ `
scalar Datetime
scalar Json
scalar JsonRecord
scalar PackageContentsFlatMap

type Query {
  me: Me
  buckets: [Bucket!]!
  bucket(name: String!): Bucket
  bucketConfigs: [BucketConfig!]!
  bucketConfig(name: String!): BucketConfig
  packages(bucket: String!, filter: String): PackageList
  package(bucket: String!, name: String!): Package
}

type Mutation {
  switchRole(roleName: String!): SwitchRoleResult!
  apiKeyCreate(input: APIKeyCreateInput!): APIKeyCreateResult!
  apiKeyRevoke(id: ID, secret: String): APIKeyRevokeResult!
  packageConstruct(params: PackagePushParams!, src: PackageConstructSource!): PackageConstructResult!
  packagePromote(params: PackagePushParams!, src: PackagePromoteSource!, destPrefix: String): PackagePromoteResult!
  packageRevisionDelete(bucket: String!, name: String!, hash: String!): PackageRevisionDeleteResult!
  browsingSessionCreate(scope: String!, ttl: Int! = 180): BrowsingSessionCreateResult!
  browsingSessionRefresh(id: ID!, ttl: Int! = 180): BrowsingSessionRefreshResult!
  browsingSessionDispose(id: ID!): BrowsingSessionDisposeResult!
}

type Ok {
  _: Boolean
}

type OperationError {
  message: String!
  name: String!
  context: JsonRecord
}

type InputError {
  path: String
  message: String!
  name: String!
  context: JsonRecord
}

type InvalidInput {
  errors: [InputError!]!
}

type MyRole {
  name: String!
}

type Me {
  name: String!
  email: String!
  isAdmin: Boolean!
  role: MyRole!
  roles: [MyRole!]!
  apiKeys(name: String, fingerprint: String, status: APIKeyStatus): [APIKey!]!
  apiKey(id: ID!): APIKey
}

union SwitchRoleResult = Me | InvalidInput | OperationError

enum APIKeyStatus {
  ACTIVE
  EXPIRED
}

type APIKey {
  id: ID!
  name: String!
  fingerprint: String!
  createdAt: Datetime!
  expiresAt: Datetime!
  lastUsedAt: Datetime
  userEmail: String!
  status: APIKeyStatus!
}

input APIKeyCreateInput {
  name: String!
  expiresInDays: Int! = 90
}

type APIKeyCreated {
  apiKey: APIKey!
  secret: String!
}

union APIKeyCreateResult = APIKeyCreated | InvalidInput

union APIKeyRevokeResult = Ok | InvalidInput

type Bucket {
  name: String!
  title: String!
  iconUrl: String
  description: String
  tags: [String!]
  relevanceScore: Int!
  browsable: Boolean!
}

type BucketConfig {
  name: String!
  title: String!
  iconUrl: String
  description: String
  linkedData: Json
  overviewUrl: String
  tags: [String!]
  relevanceScore: Int!
  lastIndexed: Datetime
  browsable: Boolean!
}

type AccessCountForDate {
  date: Datetime!
  value: Int!
}

type AccessCounts {
  total: Int!
  counts: [AccessCountForDate!]!
}

enum PackageListOrder {
  NAME
  MODIFIED
}

type PackageList {
  total: Int!
  page(number: Int = 1, perPage: Int = 30, order: PackageListOrder = NAME): [Package!]!
}

type Package {
  bucket: String!
  name: String!
  modified: Datetime!
  revisions: PackageRevisionList!
  revision(hashOrTag: String = "latest"): PackageRevision
  accessCounts(window: Int = 30): AccessCounts
}

type PackageRevisionList {
  total: Int!
  page(number: Int = 1, perPage: Int = 10): [PackageRevision!]!
}

type PackageWorkflow {
  config: String!
  id: String
}

type PackageRevision {
  hash: String!
  modified: Datetime!
  message: String
  metadata: JsonRecord!
  userMeta: JsonRecord
  workflow: PackageWorkflow
  totalEntries: Int
  totalBytes: Float
  dir(path: String!): PackageDir
  file(path: String!): PackageFile
  accessCounts(window: Int = 30): AccessCounts
  contentsFlatMap(max: Int = 1000): PackageContentsFlatMap
}

type PackageDir {
  path: String!
  metadata: JsonRecord
  size: Float!
  children: [PackageEntry!]!
}

type PackageFile {
  path: String!
  metadata: JsonRecord
  size: Float!
  physicalKey: String!
}

union PackageEntry = PackageFile | PackageDir

input PackagePushParams {
  message: String
  userMeta: JsonRecord
  workflow: String
  bucket: String!
  name: String!
}

input PackageEntryHash {
  type: String!
  value: String!
}

input PackageConstructEntry {
  logicalKey: String!
  physicalKey: String!
  hash: PackageEntryHash
  size: Float
  meta: JsonRecord
}

input PackageConstructSource {
  entries: [PackageConstructEntry!]!
}

input PackagePromoteSource {
  bucket: String!
  name: String!
  hash: String!
}

type PackagePushSuccess {
  package: Package!
  revision: PackageRevision!
}

union PackageConstructResult = PackagePushSuccess | InvalidInput | OperationError

union PackagePromoteResult = PackagePushSuccess | InvalidInput | OperationError

type PackageRevisionDeleteSuccess {
  _: Boolean
}

union PackageRevisionDeleteResult = PackageRevisionDeleteSuccess | OperationError

type BrowsingSession {
  id: ID!
  expires: Datetime!
}

union BrowsingSessionCreateResult = BrowsingSession | InvalidInput | OperationError

union BrowsingSessionRefreshResult = BrowsingSession | InvalidInput | OperationError

union BrowsingSessionDisposeResult = Ok | OperationError
`
