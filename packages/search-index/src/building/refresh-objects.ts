// Brings the objects of a bucket up to date. They are seen as they come: an object is whole by itself.
import { QuiltError } from '@quilt-mcp/core'
import { facts } from '../facts.js'
import type { ListedObject } from '../source.js'
import { type Db, onlyValue, rowOf } from '../sqlite.js'
import { breathing } from './breath.js'
import { inserter, wordInserter } from './insert.js'
import { readAhead } from './read-ahead.js'
import type { RefreshContext } from './refresh-packages.js'
import { extensionOf, extensionWord, foldedOf, lastPartOf, wordsOf } from './words.js'

/** Text of an object that is indexed, in UTF-16 units. */
const longestText = 65_536
const textsAtOnce = 8
const objectsInTurn = 200

/** What is written of an object that is new or another one. */
interface ChangedObject extends ListedObject {
  /** Its row; absent when it is new. */
  readonly id?: number
  readonly content?: string | undefined
}

/** @throws what listing throws; `unauthenticated`; errors of SQLite. What was written stays. */
export async function refreshObjects({ db, source, now, options, onProgress }: RefreshContext): Promise<void> {
  const startedMs = now()
  const breathe = breathing()
  const fact = facts(db)
  const tables = objectTables(db)
  let count = 0
  for await (const objects of source.objects(options)) {
    options.signal?.throwIfAborted()
    const changed = await withContent(tables.changed(objects))
    db.exec('begin immediate')
    try {
      for (let at = 0; at < changed.length; at += objectsInTurn) {
        tables.write(changed.slice(at, at + objectsInTurn))
        await breathe()
      }
      tables.see(objects)
      count += objects.length
      if (changed.length > 0) fact.set('objects', count)
      db.exec('commit')
    } catch (error) {
      db.exec('rollback')
      throw error
    }
    if (changed.length > 0) onProgress()
    await breathe(options.signal)
  }
  while (tables.removeUnseen()) await breathe(options.signal)
  fact.set('objectsAtMs', startedMs)
  fact.remove('objects')
  onProgress()

  async function withContent(objects: readonly ChangedObject[]): Promise<readonly ChangedObject[]> {
    if (source.text === undefined) return objects
    const read: ChangedObject[] = []
    for await (const { result } of readAhead(objects, readContent, { width: textsAtOnce })) read.push(result)
    return read
  }

  async function readContent(object: ChangedObject): Promise<ChangedObject> {
    try {
      return { ...object, content: (await source.text?.(object, options))?.slice(0, longestText) }
    } catch (error) {
      const isOfThis = error instanceof QuiltError && error.code !== 'unauthenticated'
      if (!isOfThis || options.signal?.aborted === true) throw error
      // No stamp is empty: its text is asked for again at the next refresh, and its key is found meanwhile.
      return { ...object, stamp: '' }
    }
  }
}

function objectTables(db: Db) {
  db.exec('create temp table if not exists seen (key text primary key) without rowid; delete from seen')
  const known = db.prepare(`select o.id, o.key, o.stamp from json_each(?) listed join object o on o.key = listed.value`)
  const see = db.prepare('insert or ignore into seen select value from json_each(?)')
  const unseen = db.prepare('select id from object where key not in (select key from seen) limit ?').pluck()
  const removeWords = db.prepare('delete from object_words where rowid in (select value from json_each(?))')
  const remove = db.prepare('delete from object where id in (select value from json_each(?))')
  const lastId = db.prepare('select max(id) from object')
  const add = inserter(db, 'object', [
    'id',
    'key',
    'folded',
    'ext',
    'size',
    'modified',
    'version_id',
    'has_content',
    'stamp',
  ])
  const addWords = wordInserter(db, 'object_words', ['rowid', 'key', 'base', 'ext', 'content'])
  const removeAll = (ids: readonly number[]): void => {
    removeWords.run([JSON.stringify(ids)])
    remove.run([JSON.stringify(ids)])
  }
  return {
    /** Those that are not as they are in the index. */
    changed(objects: readonly ListedObject[]): readonly ChangedObject[] {
      const rows = known.all([JSON.stringify(objects.map(({ key }) => key))]).map(rowOf)
      const byKey = new Map(rows.map(({ id, key, stamp }) => [key, { id: Number(id), stamp }]))
      return objects.flatMap((object) => {
        const row = byKey.get(object.key)
        if (row === undefined) return [object]
        return row.stamp === object.stamp ? [] : [{ ...object, id: row.id }]
      })
    },
    write(objects: readonly ChangedObject[]): void {
      removeAll(objects.flatMap(({ id }) => (id === undefined ? [] : [id])))
      let next = Number(onlyValue(lastId.get()) ?? 0)
      const numbered = objects.map((object) => ({ ...object, id: ++next }))
      add(
        numbered.map(({ id, key, size, modifiedMs, versionId, content, stamp }) => [
          id,
          key,
          foldedOf(key),
          extensionOf(key),
          size,
          modifiedMs,
          versionId ?? null,
          Number(Boolean(content)),
          stamp,
        ]),
      )
      addWords(
        numbered.map(({ id, key, content }) => [
          id,
          wordsOf(key),
          wordsOf(lastPartOf(key)),
          extensionWord(extensionOf(key)),
          content === undefined ? null : wordsOf(content),
        ]),
      )
    },
    see(objects: readonly ListedObject[]): void {
      see.run([JSON.stringify(objects.map(({ key }) => key))])
    },
    /** Removes some of those that were not seen. @returns whether there were any */
    removeUnseen(): boolean {
      const ids = unseen.all([objectsInTurn]).map(Number)
      if (ids.length > 0) removeAll(ids)
      return ids.length > 0
    },
  }
}
