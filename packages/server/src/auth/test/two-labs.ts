// One user who may read and write two buckets, with every request noted that leaves for the registry or S3: what bounds her
// further is to be seen before one does.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, createHttpClient, platformBackend, type Revision } from '@quilt-mcp/backends'
import { formatPhysicalKey } from '@quilt-mcp/core'
import { startStack } from '@quilt-mcp/stack'

export interface TwoLabs {
  readonly backend: Backend
  /** Method and path of each request so far. */
  readonly sent: readonly string[]
  /** In lab-a: `a.txt`, which lies there. */
  readonly own: Revision
  /** In lab-a: `a.txt`, which lies there, and `b.txt`, which lies in lab-b. */
  readonly mixed: Revision
  /** In lab-b. */
  readonly other: Revision
  close(): Promise<void>
}

/** A world of its own for one test file. Revisions of lab-a may be promoted to lab-b. */
export async function twoLabs(): Promise<TwoLabs> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quilt-two-labs-'))
  const stack = await startStack({ dataDir })
  const { admin, registryUrl, s3Endpoint } = stack
  for (const name of ['lab-a', 'lab-b']) admin.createBucket({ name, title: name, browsable: true })
  admin.createRole({ name: 'releaser', permissions: { 'lab-a': 'READ_WRITE', 'lab-b': 'READ_WRITE' } })
  admin.createUser({ name: 'rosa', email: 'rosa@example.com', role: 'releaser' })
  const http = createHttpClient()
  const sent: string[] = []
  const noted: typeof http = {
    send(request) {
      sent.push(`${request.method} ${request.rawPath ?? request.url.pathname}`)
      return http.send(request)
    },
    close: () => http.close(),
  }
  const backend = platformBackend({ registryUrl, s3Endpoint, token: admin.apiKey('rosa'), http: noted })

  const put = async (bucket: string, key: string, text: string): Promise<string> => {
    const { versionId } = await backend.objects.put({ bucket, key }, Buffer.from(text))
    return formatPhysicalKey({ kind: 's3', bucket, key, versionId })
  }
  const [a, b] = [await put('lab-a', 'raw/a.txt', 'of a\n'), await put('lab-b', 'raw/b.txt', 'of b\n')]
  const push = async (bucket: string, name: string, files: Readonly<Record<string, string>>): Promise<Revision> => {
    const entries = Object.entries(files).map(([logicalKey, physicalKey]) => ({ logicalKey, physicalKey }))
    return (await backend.packages.push({ bucket, name, entries, message: 'first' })).revision
  }
  await put('lab-a', '.quilt/workflows/config.yml', successors)
  return {
    backend,
    sent,
    own: await push('lab-a', 'study/own', { 'a.txt': a }),
    mixed: await push('lab-a', 'study/mixed', { 'a.txt': a, 'b.txt': b }),
    other: await push('lab-b', 'secret/plan', { 'b.txt': b }),
    async close() {
      await backend.close()
      await http.close()
      await stack.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const successors = `version: "1"
is_workflow_required: false
workflows: {w: {name: W}}
successors: {"s3://lab-a": {title: A}, "s3://lab-b": {title: B}}
`
