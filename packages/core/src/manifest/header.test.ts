import { describe, expect, it } from 'vitest'
import { encodeManifestJson } from '../json/encode.js'
import { parseJson } from '../json/parse.js'
import { fromPlain } from '../json/plain.js'
import { emptyJsonObject, isJsonObject } from '../json/value.js'
import type { ManifestHeader } from './entry.js'
import { headerMessage, headerUserMeta, headerWorkflow, newHeader } from './header.js'

function header(text: string): ManifestHeader {
  const value = parseJson(text)
  if (!isJsonObject(value)) throw new Error('not a header')
  return value
}

describe('newHeader', () => {
  it('writes its keys in the order of quilt3', () => {
    const made = newHeader({ message: 'm', workflow: fromPlain({ id: 'alpha' }), userMeta: fromPlain({ x: 1 }) })
    expect(encodeManifestJson(made)).toBe(
      '{"version": "v0", "user_meta": {"x": 1}, "workflow": {"id": "alpha"}, "message": "m"}',
    )
  })

  it('keeps null, {} and absent apart, and always writes the message', () => {
    expect(encodeManifestJson(newHeader({ message: null }))).toBe('{"version": "v0", "message": null}')
    expect(encodeManifestJson(newHeader({ message: '', userMeta: null }))).toBe(
      '{"version": "v0", "user_meta": null, "message": ""}',
    )
    expect(encodeManifestJson(newHeader({ message: null, userMeta: emptyJsonObject }))).toBe(
      '{"version": "v0", "user_meta": {}, "message": null}',
    )
  })
})

describe('reading a header', () => {
  it('tells null from absent', () => {
    const full = header('{"version": "v0", "user_meta": null, "workflow": "w", "message": null}')
    expect([headerUserMeta(full), headerWorkflow(full), headerMessage(full)]).toEqual([null, 'w', null])
    const bare = header('{"version": "v0"}')
    expect([headerUserMeta(bare), headerWorkflow(bare), headerMessage(bare)]).toEqual([undefined, undefined, undefined])
  })

  it('has no message when it is not text', () => {
    expect(headerMessage(header('{"message": 5}'))).toBeUndefined()
  })
})
