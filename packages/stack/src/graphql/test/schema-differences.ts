// What one schema has that another does not have in that form: the test of our schema against the real one.
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql'

/** One line for each type, field, argument, value or member of `ours` that `real` does not have just so. */
export function schemaDifferences(ours: GraphQLSchema, real: GraphQLSchema): readonly string[] {
  return Object.values(ours.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return []
    const other = real.getType(type.name)
    if (other === undefined) return [`type ${type.name} is not in the real schema`]
    if (other.constructor.name !== type.constructor.name)
      return [`${type.name} is ${kindOf(type)}, the real one is ${kindOf(other)}`]
    return typeDifferences(type, other)
  })
}

const kindOf = (type: GraphQLNamedType): string => type.constructor.name.replace(/^GraphQL/, '')

function typeDifferences(ours: GraphQLNamedType, real: GraphQLNamedType): readonly string[] {
  const { name } = ours
  if (isEnumType(ours) && isEnumType(real))
    return missing(
      `value`,
      name,
      ours.getValues().map((value) => value.name),
      real.getValues().map((value) => value.name),
    )
  if (isUnionType(ours) && isUnionType(real)) {
    const members = ours.getTypes().map((type) => type.name)
    const realMembers = real.getTypes().map((type) => type.name)
    // A client that handles every member of the real union must meet no other, and we may answer with fewer only on purpose.
    return [...missing('member', name, members, realMembers), ...missing('our member', name, realMembers, members)]
  }
  if (isInputObjectType(ours) && isInputObjectType(real))
    return inputDifferences(name, Object.values(ours.getFields()), Object.values(real.getFields()))
  const object = (type: GraphQLNamedType) => isObjectType(type) || isInterfaceType(type)
  if (!object(ours) || !object(real)) return []
  const realFields = real.getFields()
  return Object.values(ours.getFields()).flatMap((field) => {
    const place = `${name}.${field.name}`
    const other = realFields[field.name]
    if (other === undefined) return [`${place} is not in the real schema`]
    const type =
      String(field.type) === String(other.type) ? [] : [`${place} is ${field.type}, the real one is ${other.type}`]
    return [...type, ...inputDifferences(place, field.args, other.args)]
  })
}

type Input = GraphQLArgument | GraphQLInputField

/** Arguments and input fields: all of them, with type and default, since clients send any. */
function inputDifferences(place: string, ours: readonly Input[], real: readonly Input[]): readonly string[] {
  const said = ({ type, defaultValue }: Input): string =>
    defaultValue === undefined ? String(type) : `${type} = ${JSON.stringify(defaultValue)}`
  const unknown = ours.flatMap((input) => {
    const other = real.find(({ name }) => name === input.name)
    if (other === undefined) return [`${place}(${input.name}) is not in the real schema`]
    return said(input) === said(other)
      ? []
      : [`${place}(${input.name}) is ${said(input)}, the real one is ${said(other)}`]
  })
  const absent = real.filter(({ name }) => !ours.some((input) => input.name === name))
  return [...unknown, ...absent.map(({ name }) => `${place}(${name}) of the real schema is missing`)]
}

const missing = (what: string, place: string, ours: readonly string[], real: readonly string[]): readonly string[] =>
  ours.filter((name) => !real.includes(name)).map((name) => `${what} ${name} of ${place} is not there`)
