// What `explain` shows: the query as it was read, and what was sent where.
import type { Query, SentSearch } from '@quilt-mcp/core'

/** Without the places in the text: a query is put together of several texts. */
export function explained(query: Query, sent: readonly SentSearch[]) {
  return { ast: withoutSpans(query), sent: sent.map(({ to, asked }) => ({ to, asked })) }
}

function withoutSpans(query: Query): Readonly<Record<string, unknown>> {
  const { span: _, ...rest } = query
  if (rest.kind === 'and' || rest.kind === 'or') return { ...rest, operands: rest.operands.map(withoutSpans) }
  return rest.kind === 'not' ? { ...rest, operand: withoutSpans(rest.operand) } : rest
}
