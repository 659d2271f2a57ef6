import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { anObject, aPackage, found } from '../test/searched-documents.js'

describe('metadata', () => {
  it.each([
    ['meta./Assay:rna-SEQ', true],
    ['meta./Assay:rna', false],
    ['meta./assay:rna-seq', false],
    ['meta./Assay:rna*', true],
    ['meta.by.name:"ada lovelace"', true],
    ['meta./by/name:ada', false],
    ['meta./tags:liver', true],
    ['meta./tags:"mouse brain"', true],
    ['meta./tags:mouse*', true],
    ['meta./tags:kidney', false],
    ['meta./note:kinases', true],
    ['meta./note:"note about"', true],
    ['meta./note:kin*', true],
    ['meta./note:long*', true],
    ['meta./depth:30', true],
    ['meta./depth:30.0', true],
    ['meta./depth:"30"', true],
    ['meta./depth:3*', false],
    ['meta./depth:>29.5', true],
    ['meta./depth:>30', false],
    ['meta./depth:[10 TO 30]', true],
    ['meta./depth:[10 TO 30}', false],
    ['meta./depth:["1" TO "4"]', false],
    ['meta./Assay:[r TO s]', true],
    ['meta./passed:true', true],
    ['meta./passed:TRUE', true],
    ['meta./passed:false', false],
    ['meta./collected:2024-05-17', true],
    ['meta./collected:2024-05', true],
    ['meta./collected:2024', true],
    ['meta./collected:2025', false],
    ['meta./collected:>=2024-05-17', true],
    ['meta./collected:>2024-05-17', false],
    ['meta./collected:[2024-01 TO 2024-05]', true],
    ['meta./collected:>now-3y', true],
    ['meta./collected:>now-30d', false],
    ['meta./a~1b:slash', true],
    ['meta./nothing:*', false],
    ['meta./by:*', false],
    ['meta./by/name:*', true],
    ['meta:*', true],
    ['meta:assay', true],
    ['meta:"by name ada"', true],
    ['meta:kinases', true],
    ['meta:kin*', true],
    ['meta:genomics', false],
    ['meta:>29', true],
    ['meta:>1000', false],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('that is empty, or no object, is none', () => {
    for (const meta of ['{}', '[]', 'null', '[{"a": 1}]'])
      expect(found('meta:*', { meta: parseJson(meta) })).toBe(false)
    expect(found('meta:*', {})).toBe(false)
  })
})

describe('sizes, counts and times', () => {
  it.each([
    ['size:>10MB', true],
    ['size:12MB', true],
    ['size:[1MB TO 12MB}', false],
    ['entries:3', true],
    ['entries:<3', false],
    ['modified:2025', true],
    ['modified:2025-03', true],
    ['modified:2025-03-15', true],
    ['modified:2025-03-16', false],
    ['modified:>2025-03-15', false],
    ['modified:>=2025-03-15', true],
    ['modified:<=2025-03-15', true],
    ['modified:<2025-03-15', false],
    ['modified:[2025-03-15 TO 2025-03-15]', true],
    ['modified:>now-2y', true],
    ['modified:>now-30d', false],
    ['size:*', true],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('an object is deleted or not; what is not known is neither', () => {
    expect(found('deleted:false', anObject, 'objects')).toBe(true)
    expect(found('deleted:true', anObject, 'objects')).toBe(false)
    expect(found('deleted:false', {}, 'objects')).toBe(false)
    expect(found('size:<5', {}, 'objects')).toBe(false)
  })
})
