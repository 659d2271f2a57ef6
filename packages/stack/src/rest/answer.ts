// Failures of the REST calls: JSON with a `message` (formats.md 6.2).
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'

/** A failure that the client is told. */
export const refusal = (status: ContentfulStatusCode, message: string): HTTPException =>
  new HTTPException(status, { message })

/** The JSON answer of a failure. */
export const refusalAnswer = (status: number, message: string): Response => Response.json({ message }, { status })

/** Reads a JSON body. @throws {HTTPException} 400 when it is not what the schema says */
export async function jsonBody<T>(request: { json(): Promise<unknown> }, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await request.json().catch(() => undefined)) // what is no JSON fits no schema
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refusal(400, `The body is not the expected JSON: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
}
