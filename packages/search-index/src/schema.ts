// The tables of an index: one SQLite file for each registry. Words are cut by core (`searchWords`) and stored with blanks between them;
// SQLite's own tokenizer only splits at those.

/** Raised when the tables change: files of another layout are thrown away and built anew. */
export const layoutVersion = 3

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
  revision integer not null, place integer not null, path text not null, type text not null, number real, text text,
  primary key (revision, place)
) without rowid;
create index revision_value_text on revision_value (path, type, text) where text is not null;
create index revision_value_number on revision_value (path, type, number) where number is not null;
create virtual table revision_words using fts5(
  name, comment, meta, workflow, files,
  content = '', contentless_delete = 1, tokenize = 'ascii'
);
create virtual table revision_terms using fts5vocab(revision_words, row);
create virtual table revision_places using fts5vocab(revision_words, instance);

-- What is compared of many files at once, in short rows.
create table entry (
  id integer primary key,
  revision integer not null,
  key text not null,
  folded text,                     -- the key as it is compared; null when it is the same
  ext text,
  size integer not null,
  has_meta integer not null        -- whether its user metadata has any member
);
create index entry_size on entry (size);
-- What is only shown: of entries in a row, from this number on, a JSON list of the physical key and the user metadata (JSON text or null) of each.
create table entry_rest (first_entry integer primary key, rest text not null);
-- How many entries of a revision have an extension.
create table entry_ext (revision integer not null, ext text not null, entries integer not null, primary key (revision, ext)) without rowid;
create table entry_value (
  entry integer not null, place integer not null, path text not null, type text not null, number real, text text,
  primary key (entry, place)
) without rowid;
create index entry_value_text on entry_value (path, type, text) where text is not null;
create index entry_value_number on entry_value (path, type, number) where number is not null;
-- Words of all that is searched that are more than digits; some may be of things that are gone.
create table word (text text primary key) without rowid;
create virtual table entry_words using fts5(
  key, base, ext, meta,            -- base: the last part of the key, again; ext: again, where it is one word
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
  key, base, ext, content,
  content = '', contentless_delete = 1, tokenize = 'ascii'
);
create virtual table object_terms using fts5vocab(object_words, row);
create virtual table object_places using fts5vocab(object_words, instance);
`
