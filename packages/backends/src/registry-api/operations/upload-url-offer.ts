import { z } from 'zod'
import { fields, record } from '../answer.js'
import { operation } from '../operation.js'

const named = z.array(record({ name: z.string() }))
const resultType = record({ fields: named.nullable() })

/** Asks which mutations there are: whether `generateUploadUrl` is among them, in the form that we know. */
export const uploadUrlOfferQuery = operation<Record<never, never>>()({
  document: /* GraphQL */ `query UploadUrlOffer {
    __type(name: "Mutation") {
      fields { name args { name } type { fields { name } ofType { fields { name } } } }
    }
  }`,
  attempt: 'Asking how files are uploaded',
  kind: 'quick',
  read: fields(
    record({
      __type: record({
        fields: z
          .array(
            record({
              name: z.string(),
              args: named,
              type: record({ fields: named.nullable(), ofType: resultType.nullable() }),
            }),
          )
          .nullable(),
      }).nullable(),
    }),
  ),
})
