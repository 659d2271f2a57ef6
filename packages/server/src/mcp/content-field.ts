// The one kind of argument for which "" is a value: the content of a file, which may be empty. Anywhere else models send ""
// for "not given", and mcp/input.ts leaves it out.
import { z } from 'zod'

/** Marks the field in its JSON Schema. For ourselves: mcp/tool-definition.ts takes it out of what clients get. */
export const contentKeyword = 'x-quilt-content'

/** The input field of a file's content. */
export const contentField = () =>
  z
    .string()
    .optional()
    .meta({ [contentKeyword]: true })
