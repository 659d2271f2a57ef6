// The tables of users and of what they hold. All names begin with `identity_`; times are milliseconds since 1970.
import type { Db } from '../store/database.js'

const statements = `
create table if not exists identity_roles (
  name text primary key
) without rowid;

create table if not exists identity_permissions (
  role text not null,
  bucket text not null,
  level text not null,
  primary key (role, bucket)
) without rowid;

create table if not exists identity_users (
  id text primary key,
  name text not null unique,
  email text not null,
  password_hash text,
  is_admin integer not null,
  active_role text not null
) without rowid;

create table if not exists identity_user_roles (
  user text not null,
  role text not null,
  position integer not null,
  primary key (user, role)
) without rowid;

create table if not exists identity_api_keys (
  id text primary key,
  user text not null,
  name text not null,
  secret_hash text not null unique,
  fingerprint text not null,
  created integer not null,
  expires integer not null,
  last_used integer
) without rowid;

create table if not exists identity_sessions (
  uuid text primary key,
  user text not null,
  expires integer not null
) without rowid;

create table if not exists identity_refresh_tokens (
  token_hash text primary key,
  user text not null,
  expires integer not null
) without rowid;

create table if not exists identity_credentials (
  access_key_id text primary key,
  user text not null,
  role text not null,
  secret_access_key text not null,
  session_token text not null,
  expires integer not null,
  session text
) without rowid;
`

/** Creates the tables of users when they are missing. */
export function createIdentityTables(db: Db): void {
  db.exec(statements)
}
