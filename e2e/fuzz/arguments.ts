// Arguments that fit a tool's real input schema, so that a mutation of them reaches past the door.
import { z } from 'zod'
import type { Random } from './random.js'

/** What of a JSON Schema the tools use. */
export interface Schema {
  readonly type?: string | readonly string[] | undefined
  readonly enum?: readonly unknown[] | undefined
  readonly const?: unknown
  readonly anyOf?: readonly Schema[] | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly items?: Schema | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    anyOf: z.array(schema).optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
)
/** The answer to tools/list, as far as it is needed. */
export const toolList = z.object({ tools: z.array(z.object({ name: z.string(), inputSchema: schema })) })
export type FuzzedTool = z.infer<typeof toolList>['tools'][number]

/** What is there in the world of the campaign, and what nearly is. */
const knownText: Readonly<Record<string, readonly string[]>> = {
  bucket: ['lab-a', 's3://lab-a', 'lab-b', 'nowhere'],
  package: ['fuzz/data', 'quilt+s3://lab-a#package=fuzz/data', 'no/body', 'fuzz'],
  uri: ['s3://lab-a/raw.csv', 'quilt+s3://lab-a#package=fuzz/data&path=a.txt', 's3://lab-b/x', 'quilt-platform://me'],
  key: ['raw.csv', 'fuzz/put.txt', 'a//b', '../x'],
  path: ['', 'dir', 'dir/b.txt', 'a.txt', '..'],
  revision: ['latest', 'f'.repeat(64), 'abcdef12', 'all'],
  logical_key: ['a.txt', 'dir/b.txt', '../x', 'new.txt'],
}
const anyText = ['', 'latest', 'a', '10', 'text with "quotes"', 'ünïcode 💾', 'eyJvIjoxfQ', '[]']

/** A value for a schema. @param name of the member it is for */
function valueFor(one: Schema, name: string, random: Random): unknown {
  if (one.const !== undefined) return one.const
  if (one.enum !== undefined) return random.pick(one.enum)
  if (one.anyOf !== undefined) return valueFor(random.pick(one.anyOf), name, random)
  switch (typeof one.type === 'object' ? random.pick(one.type) : one.type) {
    case 'object':
      return argumentsFor(one, random)
    case 'array':
      return Array.from({ length: random.below(3) }, () => valueFor(one.items ?? {}, name, random))
    case 'integer':
    case 'number':
      return (one.minimum ?? 0) + random.below(Math.min(100, (one.maximum ?? 100) - (one.minimum ?? 0)) + 1)
    case 'boolean':
      return random.oneIn(2)
    case 'null':
      return null
    default:
      return random.pick(random.oneIn(6) ? anyText : (knownText[name] ?? anyText))
  }
}

/** An object with all that is required and some of the rest. */
export function argumentsFor({ properties = {}, required = [] }: Schema, random: Random): Record<string, unknown> {
  const given = Object.entries(properties).filter(([name]) => required.includes(name) || random.oneIn(3))
  return Object.fromEntries(given.map(([name, one]) => [name, valueFor(one, name, random)]))
}
