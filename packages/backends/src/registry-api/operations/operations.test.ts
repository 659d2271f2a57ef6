import { readdirSync, readFileSync } from 'node:fs'
import { buildClientSchema, extendSchema, type IntrospectionQuery, Kind, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../operation.js'

const folder = new URL('./', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))

// The real registry's schema, as introspected (shared/quilt, kept here as data).
const introspection: { data?: IntrospectionQuery } & IntrospectionQuery = JSON.parse(
  readFileSync(new URL('../fixtures/registry-schema.introspection.json', import.meta.url), 'utf8'),
)
const published = buildClientSchema(introspection.data ?? introspection)
// Some registries have this mutation, and the published schema does not; it is sent only where the registry's own schema names it.
const schema = extendSchema(
  published,
  parse(`
    type UploadUrl { uploadUrl: String!, fields: JsonRecord!, expires: Datetime! }
    extend type Mutation { generateUploadUrl(bucket: String!, key: String!, contentType: String): UploadUrl! }
  `),
)

const isOperation = (value: unknown): value is Operation<unknown, unknown> =>
  typeof value === 'object' && value !== null && 'document' in value && 'attempt' in value

async function operationsIn(file: string): Promise<readonly Operation<unknown, unknown>[]> {
  const module: Readonly<Record<string, unknown>> = await import(new URL(file, folder).href)
  return Object.values(module).filter(isOperation)
}

describe.each(files)('%s', (file) => {
  it('holds one operation, named as its file, that the real registry understands', async () => {
    const [operation, ...others] = await operationsIn(file)
    expect(others).toEqual([])
    const document = parse(operation?.document ?? '')
    expect(validate(schema, document)).toEqual([])
    const [definition, ...more] = document.definitions
    expect(more).toEqual([])
    const name = definition?.kind === Kind.OPERATION_DEFINITION ? definition.name?.value : undefined
    expect(name?.replace(/\B[A-Z]/g, '-$&').toLowerCase()).toBe(file.replace(/\.ts$/, ''))
  })

  it('asks for every member of a result union', async () => {
    const [operation] = await operationsIn(file)
    const document = parse(operation?.document ?? '')
    const [definition] = document.definitions
    if (definition?.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'mutation') return
    const [field] = definition.selectionSet.selections
    if (field?.kind !== Kind.FIELD) throw new Error('a mutation selects one field')
    const asked = field.selectionSet?.selections ?? []
    expect(asked.some((selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename')).toBe(true)
    const errors = ['InvalidInput', 'OperationError'].filter((name) => membersOf(field.name.value).includes(name))
    const fragments = asked.flatMap((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT ? [selection.typeCondition?.name.value] : [],
    )
    expect(fragments).toEqual(expect.arrayContaining(errors))
  })
})

function membersOf(mutation: string): readonly string[] {
  const type = schema.getMutationType()?.getFields()[mutation]?.type.toString().replace('!', '') ?? ''
  const union = schema.getType(type)
  return union !== undefined && 'getTypes' in union ? union.getTypes().map(({ name }) => name) : []
}

it('would notice an operation that the registry does not understand', () => {
  const wrong = parse('query Wrong { bucket(name: 1) { name, colour } }')
  expect(validate(schema, wrong).map(({ message }) => message)).toEqual([
    'String cannot represent a non string value: 1',
    'Cannot query field "colour" on type "Bucket".',
  ])
})
