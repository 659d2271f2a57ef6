// The tables of an index: one SQLite file for each registry. Words are cut by core (`searchWords`) and stored with blanks between them;
// SQLite's own tokenizer only splits at those.

/** Raised when the tables change: files of another layout are thrown away and built anew. */
export const layoutVersion = 2

/** The words of a revision stand in several rows: number `revision << 20` holds those of its header, the numbers behind it the words of its
 * files (latest revision only), each word at least once, in no order. So the revision of a row is `rowid >> 20`. A phrase in a file's key
 * is asked of `entry_words`. */
export const wordRowBits = 20

export const tables = `
create table fact (name text primary key, value text not null) without rowid;

create table package (id integer primary key, name text not null unique);

create table pointer (
  package integer not null,
  pointer text not null,
  stamp text not null,
  hash text not null,
  primary key (package, pointer)
) without rowid;

create table revision (
  id integer primary key,
  package integer not null,
  name text not null,              -- of the package
  folded text,                     -- the name as it is compared; null when it is the same
  hash text not null,
  pointer text not null,           -- latest, or the newest that points to it
  is_latest integer not null,
  modified integer,                -- milliseconds since 1970
  comment text,
  meta text,                       -- user metadata as JSON
  workflow text,                   -- id
  folded_workflow text,            -- the same as it is compared; null when it is the same
  size integer not null,
  entries integer not null,
  first_entry integer,             -- its entries have the ids from here
  last_entry integer,              -- to here; of the latest revision only
  unique (package, hash)
);
create index revision_name on revision (name);
create index revision_modified on revision (modified);
create index revision_entries on revision (last_entry);

create table unreadable (name text not null, pointer text not null, why text not null, primary key (name, pointer)) without rowid;

create table revision_value (
  revision integer not null, path text not null, type text not null, number real, text text
);
create index revision_value_owner on revision_value (revision);
create index revision_value_text on revision_value (path, text);
create index revision_value_number on revision_value (path, number);
create index revision_value_long on revision_value (path) where type = 'text';
create virtual table revision_words using fts5(
  name, comment, meta, workflow, files,
  content = '', contentless_delete = 1, tokenize = 'ascii'
);
create virtual table revision_terms using fts5vocab(revision_words, row);
create virtual table revision_places using fts5vocab(revision_words, instance);

create table entry (
  id integer primary key,
  revision integer not null,
  key text not null,
  folded text,                     -- the key as it is compared; null when it is the same
  ext text,
  size integer not null,
  physical_key text not null,
  meta text                        -- user metadata as JSON
);
create index entry_ext on entry (ext);
create index entry_size on entry (size);
create table entry_value (
  entry integer not null, path text not null, type text not null, number real, text text
);
create index entry_value_owner on entry_value (entry);
create index entry_value_text on entry_value (path, text);
create index entry_value_number on entry_value (path, number);
create index entry_value_long on entry_value (path) where type = 'text';
-- Words of all that is searched that are more than digits; some may be of things that are gone.
create table word (text text primary key) without rowid;
create virtual table entry_words using fts5(
  key, base, meta,                 -- base: the last part of the key, again
  content = '', contentless_delete = 1, tokenize = 'ascii'
);
create virtual table entry_terms using fts5vocab(entry_words, row);
create virtual table entry_places using fts5vocab(entry_words, instance);

create table object (
  id integer primary key,
  key text not null unique,
  folded text,
  ext text,
  size integer not null,
  modified integer not null,
  version_id text,
  has_content integer not null default 0,
  stamp text not null
);
create index object_ext on object (ext);
create index object_size on object (size);
create index object_modified on object (modified);
create virtual table object_words using fts5(
  key, base, content,
  content = '', contentless_delete = 1, tokenize = 'ascii'
);
create virtual table object_terms using fts5vocab(object_words, row);
create virtual table object_places using fts5vocab(object_words, instance);
`
