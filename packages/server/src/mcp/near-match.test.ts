import { describe, expect, it } from 'vitest'
import { nearMatches } from './near-match.js'

const names = ['package_browse', 'package_list', 'package_create', 'object_read', 'bucket_list']

describe('nearMatches', () => {
  it.each([
    ['package_brwse', ['package_browse']],
    ['packageList', ['package_list']],
    ['packages_list', ['package_list']],
    ['browse', ['package_browse']],
    ['weather', []],
    ['', []],
  ])('of %j is %j', (word, expected) => {
    expect(nearMatches(word, names)).toEqual(expected)
  })
})
