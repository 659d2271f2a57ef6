// Manifests for property tests, written by a second, plain writer: one line a record, as Python would.
import fc from 'fast-check'
import { compareLogicalKeys } from '../manifest/order.js'
import { logicalKey, pythonJsonText } from './arbitrary-json.js'

const objectText = fc
  .uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), pythonJsonText), { selector: ([key]) => key, maxLength: 3 })
  .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`)

/** The text of an entry line behind its logical key. */
export const entryText = fc
  .record({
    physicalKey: fc.webUrl().map((url) => `s3://bkt/${url}`),
    size: fc.maxSafeNat(),
    hash: fc.constantFrom(
      '{"type": "sha2-256-chunked", "value": "lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA="}',
      '{"type": "SHA256", "value": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}',
      '{"type": "of the future", "value": ""}',
    ),
    meta: objectText,
    unknown: fc.constantFrom('', ', "future": {"10": 1, "9": [1.0]}'),
  })
  .map(
    ({ physicalKey, size, hash, meta, unknown }) =>
      `"physical_keys": [${JSON.stringify(physicalKey)}], "size": ${size}, "hash": ${hash}, "meta": ${meta}${unknown}`,
  )

const headerText = fc
  .record({ userMeta: pythonJsonText, message: pythonJsonText, future: objectText })
  .map(
    ({ userMeta, message, future }) =>
      `{"version": "v0", "user_meta": ${userMeta}, "future": ${future}, "message": ${message}}`,
  )

const keysInOrder = fc.uniqueArray(logicalKey, { maxLength: 12 }).map((keys) => keys.sort(compareLogicalKeys))

/** Text of a manifest that quilt3 could have written, with directory lines, unknown keys and any metadata. */
export const manifestText: fc.Arbitrary<string> = fc
  .tuple(headerText, keysInOrder, keysInOrder, fc.infiniteStream(entryText))
  .map(([header, directories, keys, entries]) => {
    const directoryLines = directories.map(
      (key) => `{"logical_key": ${JSON.stringify(`${key}/`)}, "meta": {"x": [1.50]}}`,
    )
    const entryLines = keys.map((key) => `{"logical_key": ${JSON.stringify(key)}, ${entries.next().value}}`)
    return `${[header, ...directoryLines, ...entryLines].join('\n')}\n`
  })
