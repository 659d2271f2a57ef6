import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandedUri, variablesIn } from './uri-template.js'

const workflow = 'quilt-platform://buckets/{bucket}/workflows/{id}'
const entry = 'quilt-platform://buckets/{bucket}/packages/{+name}/entries/{+path}'

describe('variablesIn', () => {
  it('reads the values of a URI', () => {
    expect(variablesIn(workflow, 'quilt-platform://buckets/lab-a/workflows/strict')).toEqual({
      bucket: 'lab-a',
      id: 'strict',
    })
    expect(variablesIn(entry, 'quilt-platform://buckets/b/packages/a/entries/entries/c/entries/d.txt')).toEqual({
      bucket: 'b',
      name: 'a/entries',
      path: 'c/entries/d.txt',
    })
  })

  it.each([
    'quilt-platform://buckets/lab-a/workflows',
    'quilt-platform://buckets/lab-a/workflows/',
    'quilt-platform://buckets//workflows/strict',
    'quilt-platform://buckets/lab-a/workflows/strict/more',
    'xquilt-platform://buckets/lab-a/workflows/strict',
  ])('knows that %s is not of the template', (uri) => {
    expect(variablesIn(workflow, uri)).toBeUndefined()
  })

  it('refuses a broken percent sign', () => {
    expect(() => variablesIn(workflow, 'quilt-platform://buckets/lab-a/workflows/50%')).toThrow('broken percent sign')
  })

  it('reads back every URI that is made of values, whatever is in them', () => {
    const segment = fc.string({ minLength: 1, unit: 'binary' })
    fc.assert(
      fc.property(segment, fc.array(segment, { minLength: 1 }), (bucket, parts) => {
        const variables = { bucket, name: 'a/b', path: parts.join('/') }
        expect(variablesIn(entry, expandedUri(entry, variables))).toEqual(variables)
      }),
    )
  })
})
