// The store's tables, and their rows as types. All names begin with `s3_`.
import { z } from 'zod'
import type { Db } from './database.js'

const statements = `
create table if not exists s3_buckets (
  name text primary key,
  created integer not null
) without rowid;

create table if not exists s3_versions (
  bucket text not null,
  key text not null,
  version_id text not null,
  latest integer not null,
  delete_marker integer not null,
  size integer not null,
  etag text not null,
  modified integer not null,
  content_type text not null,
  metadata text not null,
  headers text not null,
  sha256 text,
  blob text,
  primary key (bucket, key, version_id desc)
) without rowid;
create index if not exists s3_current on s3_versions (bucket, key) where latest = 1 and delete_marker = 0;

create table if not exists s3_version_parts (
  version text not null,
  number integer not null,
  size integer not null,
  etag text not null,
  modified integer not null,
  sha256 text,
  blob text not null,
  primary key (version, number)
) without rowid;

create table if not exists s3_uploads (
  id text primary key,
  bucket text not null,
  key text not null,
  content_type text not null,
  metadata text not null,
  headers text not null,
  sha256 integer not null,
  initiated integer not null
) without rowid;
create index if not exists s3_uploads_by_key on s3_uploads (bucket, key, initiated);

create table if not exists s3_upload_parts (
  upload text not null,
  number integer not null,
  size integer not null,
  etag text not null,
  modified integer not null,
  sha256 text,
  blob text not null,
  primary key (upload, number)
) without rowid;

create table if not exists s3_generations (
  name text primary key
) without rowid;

create table if not exists s3_garbage (
  blob text primary key
) without rowid;
`

/** Creates the store's tables when they are missing. */
export function createStoreTables(db: Db): void {
  db.exec(statements)
}

const record = z.record(z.string(), z.string())
const nothing: Readonly<Record<string, string>> = Object.freeze({})
const textRecord = z.string().transform((text) => (text === '{}' ? nothing : record.parse(JSON.parse(text))))

/** A row of `s3_versions`. `blob` is null for a delete marker and for a multipart upload, whose parts have their own blobs. */
export const versionRow = z.object({
  bucket: z.string(),
  key: z.string(),
  version_id: z.string(),
  latest: z.number(),
  delete_marker: z.number(),
  size: z.number(),
  etag: z.string(),
  modified: z.number(),
  content_type: z.string(),
  metadata: textRecord,
  headers: textRecord,
  sha256: z.string().nullable(),
  blob: z.string().nullable(),
})
export type VersionRow = z.infer<typeof versionRow>

/** A row of `s3_version_parts` or `s3_upload_parts`, without its owner. */
export const partRow = z.object({
  number: z.number(),
  size: z.number(),
  etag: z.string(),
  modified: z.number(),
  sha256: z.string().nullable(),
  blob: z.string(),
})
export type PartRow = z.infer<typeof partRow>

export const uploadRow = z.object({
  id: z.string(),
  bucket: z.string(),
  key: z.string(),
  content_type: z.string(),
  metadata: z.string(),
  headers: z.string(),
  sha256: z.number(),
  initiated: z.number(),
})
export type UploadRow = z.infer<typeof uploadRow>
