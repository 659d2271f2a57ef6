import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { findObject } from './find-object.js'
import { objectArgument, objectFields } from './object-argument.js'

export const objectLink = defineTool({
  name: 'object_link',
  title: 'Make a download link',
  toolset: 'objects',
  access: 'read',
  needs: ['objects', 'links'],
  description:
    'Makes a temporary HTTPS download link of an object or of a file of a package. Whoever has the link can read the object until it expires.',
  input: z.strictObject({
    ...objectFields,
    expires_in_seconds: z.int().min(1).max(604_800).default(900),
  }),
  output: z.object({ url: z.string(), expires: z.string(), uri: z.string(), size: z.int() }),
  examples: [{ uri: 's3://lab-a/raw/notes.txt' }],
  async run(ctx, { expires_in_seconds: expiresInSeconds, ...input }) {
    const found = await findObject(ctx, objectArgument(input))
    if (found.location === undefined) {
      throw new QuiltError('unsupported', 'a file on this machine has no download link', {
        hint: 'Read it with object_read.',
        nextTools: ['object_read'],
      })
    }
    const { links } = ctx.backend
    if (links === undefined) {
      throw new QuiltError('unsupported', `the ${ctx.backend.name} backend makes no links`, {
        hint: 'Read the object with object_read.',
        nextTools: ['object_read'],
      })
    }
    const { url, expires } = await links.link(found.location, { signal: ctx.signal, expiresInSeconds })
    return { structure: { url, expires, uri: found.uri, size: found.size } }
  },
})
