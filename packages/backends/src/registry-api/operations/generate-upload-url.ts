import { z } from 'zod'
import { datetime, fields, record } from '../answer.js'
import { operation } from '../operation.js'

/** Asks for the form of a presigned POST. Not every registry has it: `uploadUrlOfferQuery` tells. */
export const generateUploadUrlMutation = operation<{ bucket: string; key: string; contentType?: string }>()({
  document: /* GraphQL */ `mutation GenerateUploadUrl($bucket: String!, $key: String!, $contentType: String) {
    generateUploadUrl(bucket: $bucket, key: $key, contentType: $contentType) { __typename uploadUrl fields expires }
  }`,
  attempt: 'Asking for an upload form',
  kind: 'quick',
  read: fields(
    record({
      generateUploadUrl: record({
        uploadUrl: z.url({ protocol: /^https?$/ }),
        fields: z
          .map(z.string(), z.string())
          .transform((given): Readonly<Record<string, string>> => Object.fromEntries(given)),
        expires: datetime,
      }),
    }),
  ),
})
