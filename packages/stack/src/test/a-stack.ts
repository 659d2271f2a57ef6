// A stack in a temporary folder with two tenants: Ada alone in `lab-a`, Grace alone in `lab-b`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Stack, StackOptions } from '../stack.js'
import { startStack } from '../start.js'

export interface TestStack {
  readonly stack: Stack
  readonly dataDir: string
  /** Catalog session tokens. */
  readonly ada: string
  readonly grace: string
  /** Calls the registry. @param path `/api/me` */
  call(path: string, init?: RequestInit & { readonly token?: string }): Promise<Response>
  /** Sends one GraphQL operation and returns its `data`; throws what `errors` say. */
  graphql(token: string, query: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>
  close(): Promise<void>
}

const graphqlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
})

export async function aStack(options: Omit<StackOptions, 'dataDir'> = {}): Promise<TestStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quilt-stack-'))
  const stack = await startStack({ dataDir, ...options })
  const { admin } = stack
  for (const [user, role, bucket] of [
    ['ada', 'analysts-a', 'lab-a'],
    ['grace', 'analysts-b', 'lab-b'],
  ] as const) {
    admin.createBucket({ name: bucket, browsable: true })
    admin.createRole({ name: role, permissions: { [bucket]: 'READ_WRITE' } })
    admin.createUser({ name: user, email: `${user}@example.com`, password: `${user}-password`, role })
  }
  const call: TestStack['call'] = (path, { token, ...init } = {}) => {
    const headers = new Headers(init.headers)
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
    return fetch(`${stack.registryUrl}${path}`, { redirect: 'manual', ...init, headers })
  }
  return {
    stack,
    dataDir,
    ada: await admin.sessionToken('ada'),
    grace: await admin.sessionToken('grace'),
    call,
    async graphql(token, query, variables = {}) {
      const answer = await call('/graphql', {
        token,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      const { data, errors } = graphqlAnswer.parse(await answer.json())
      if (errors !== undefined || data == null) throw new Error(errors?.map(({ message }) => message).join('; '))
      return data
    },
    async close() {
      await stack.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}
