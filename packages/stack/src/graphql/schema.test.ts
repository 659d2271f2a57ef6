import { readFileSync } from 'node:fs'
import { buildClientSchema, buildSchema, type IntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { typeDefs as mainTypeDefs } from './schema.js'
import { searchTypeDefs } from './search-schema.js'
import { schemaDifferences } from './test/schema-differences.js'

const typeDefs = mainTypeDefs + searchTypeDefs('ordering')
const introspection: { data?: IntrospectionQuery } & IntrospectionQuery = JSON.parse(
  readFileSync(new URL('./fixtures/registry-schema.introspection.json', import.meta.url), 'utf8'),
)
const real = buildClientSchema(introspection.data ?? introspection)

/** What is found when one place of our schema is changed. */
function changed(from: string, to: string): readonly string[] {
  expect(typeDefs).toContain(from)
  return schemaDifferences(buildSchema(typeDefs.replace(from, to)), real)
}

describe('our schema', () => {
  it('says nothing that the real registry does not say in the same form', () => {
    expect(schemaDifferences(buildSchema(typeDefs), real)).toEqual([])
  })

  it('is, on older stacks, the same but for the order of packages', () => {
    expect(schemaDifferences(buildSchema(mainTypeDefs + searchTypeDefs('order')), real)).toEqual([
      'PackagesSearchResultSet.firstPage is PackagesSearchResultSetPage!, the real one is PackagesFirstPageResult!',
      'PackagesSearchResultSet.firstPage(order) is not in the real schema',
      'PackagesSearchResultSet.firstPage(ordering) of the real schema is missing',
    ])
  })

  it.each([
    ['a type', 'type Ok {', 'type Colour { name: String }\ntype Ok {', 'type Colour is not in the real schema'],
    ['a field', '  email: String!', '  email: String!\n  age: Int', 'Me.age is not in the real schema'],
    [
      'the type of a field',
      '  relevanceScore: Int!',
      '  relevanceScore: Float!',
      'Bucket.relevanceScore is Float!, the real one is Int!',
    ],
    ['nullability', '  me: Me\n', '  me: Me!\n', 'Query.me is Me!, the real one is Me'],
    [
      'an argument',
      'page(number: Int = 1, perPage: Int = 10)',
      'page(number: Int = 1, size: Int = 10)',
      'PackageRevisionList.page(size) is not in the real schema',
    ],
    [
      'a default',
      'perPage: Int = 10',
      'perPage: Int = 20',
      'PackageRevisionList.page(perPage) is Int = 20, the real one is Int = 10',
    ],
    ['a missing argument', ', filter: String', '', 'Query.packages(filter) of the real schema is missing'],
    ['an enum value', '  MODIFIED', '  MODIFIED\n  SIZE', 'value SIZE of PackageListOrder is not there'],
    [
      'an input field',
      '  workflow: String\n  bucket',
      '  workflow: ID\n  bucket',
      'PackagePushParams(workflow) is ID, the real one is String',
    ],
    [
      'a union member',
      'APIKeyRevokeResult = Ok',
      'APIKeyRevokeResult = Ok | OperationError',
      'member OperationError of APIKeyRevokeResult is not there',
    ],
    [
      'the kind of a type',
      'scalar Datetime',
      'enum Datetime { NOW }',
      'Datetime is EnumType, the real one is ScalarType',
    ],
  ])('is not the same with another form of %s', (_what, from = '', to = '', difference = '') => {
    expect(changed(from, to)).toContain(difference)
  })
})
