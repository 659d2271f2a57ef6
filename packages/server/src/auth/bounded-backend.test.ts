import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Backend, PackageReader, Revision } from '@quilt-mcp/backends'
import { parseQuery, QuiltError } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundedBackend } from './bounded-backend.js'
import type { Rights } from './rights.js'
import { type TwoLabs, twoLabs } from './test/two-labs.js'

let labs: TwoLabs
beforeAll(async () => {
  labs = await twoLabs()
})
afterAll(() => labs.close())

const bounded = (rights: Rights): Backend => boundedBackend(labs.backend, rights)
const object = (bucket: string) => ({ bucket, key: 'raw/a.txt' })

/** What a call needs in the bucket it is about, and the call. */
interface Row {
  readonly needs: readonly string[]
  call(backend: Backend, bucket: string): Promise<unknown> | undefined
}
type Table = {
  readonly [Area in 'buckets' | 'objects' | 'links' | 'uploads' | 'packages' | 'search']: {
    readonly [Method in keyof Required<Required<Backend>[Area]>]: Row
  }
}

/** Every method of the port. A new one has no row, and does not compile until it has. */
const table: Table = {
  buckets: {
    list: { needs: [], call: ({ buckets }) => buckets.list() },
    get: { needs: ['s3:ListBucket'], call: ({ buckets }, bucket) => buckets.get(bucket) },
  },
  objects: {
    list: { needs: ['s3:ListBucket'], call: ({ objects }, bucket) => objects.list(bucket) },
    keys: { needs: ['s3:ListBucket'], call: ({ objects }, bucket) => allOf(objects.keys(bucket)) },
    info: { needs: ['s3:GetObject'], call: ({ objects }, bucket) => objects.info(object(bucket)) },
    read: { needs: ['s3:GetObject'], call: async ({ objects }, bucket) => bytesOf(await objects.read(object(bucket))) },
    put: {
      needs: ['s3:PutObject'],
      call: ({ objects }, bucket) => objects.put({ bucket, key: 'raw/new.txt' }, Buffer.from('new')),
    },
  },
  links: { link: { needs: ['s3:GetObject'], call: ({ links }, bucket) => links?.link(object(bucket)) } },
  uploads: {
    begin: {
      needs: ['s3:PutObject'],
      call: ({ uploads }, bucket) => uploads?.begin({ bucket, key: 'raw/linked.txt' }, { size: 3 }),
    },
    complete: {
      needs: ['s3:PutObject'],
      call: ({ uploads }, bucket) =>
        uploads?.complete({ bucket, key: 'raw/parts.bin' }, { uploadId: 'none', size: 3 }).catch(noUpload),
    },
    abort: {
      needs: ['s3:PutObject'],
      call: ({ uploads }, bucket) => uploads?.abort({ bucket, key: 'raw/parts.bin' }, 'none').then(() => 'aborted'),
    },
  },
  packages: {
    list: { needs: ['s3:ListBucket'], call: ({ packages }, bucket) => packages.list(bucket) },
    revisions: {
      needs: ['s3:ListBucket', 's3:GetObject'],
      call: ({ packages }, bucket) => packages.revisions({ bucket, name: 'study/own' }),
    },
    resolve: {
      needs: ['s3:GetObject'],
      call: ({ packages }, bucket) => packages.resolve({ bucket, name: 'study/own' }, labs.own.topHash),
    },
    open: { needs: ['s3:GetObject'], call: ({ packages }, bucket) => packages.open({ ...labs.own, bucket }) },
    openAt: {
      needs: ['s3:GetObject'],
      call: ({ packages }, bucket) => packages.openAt?.({ bucket, name: 'study/own' }, labs.own.topHash),
    },
    push: {
      needs: ['s3:PutObject', 's3:GetObject'],
      call: ({ packages }, bucket) =>
        packages.push({ bucket, name: 'made/here', message: 'made', entries: [entryIn('lab-a')] }),
    },
    check: {
      needs: ['s3:PutObject', 's3:GetObject'],
      call: ({ packages }, bucket) =>
        packages.check({ bucket, name: 'made/here', message: 'made', entries: [entryIn('lab-a')] }),
    },
    workflowConfig: {
      needs: ['s3:GetObject'],
      call: async ({ packages }, bucket) => (await packages.workflowConfig(bucket)) ?? 'none',
    },
    workflowSchema: {
      needs: ['s3:GetObject'],
      call: ({ packages }, bucket) => packages.workflowSchema(bucket, { id: 'a', url: 's3://lab-a/raw/a.txt' }),
    },
    promote: {
      needs: ['s3:PutObject', 's3:GetObject'],
      call: ({ packages }, bucket) => packages.promote?.(labs.own, { bucket, name: 'made/promoted' }),
    },
    remove: {
      needs: ['s3:DeleteObject'],
      call: ({ packages }, bucket) => packages.remove({ bucket, name: 'made/here' }),
    },
  },
  search: {
    search: {
      needs: ['s3:ListBucket', 's3:GetObject'],
      call: ({ search }, bucket) => search?.search({ scope: 'packages', query: allOfThem, buckets: [bucket] }),
    },
  },
}

const allOfThem = parseQuery('*')

const entryIn = (bucket: string) => ({ logicalKey: 'x.txt', physicalKey: `s3://${bucket}/raw/${bucket.at(-1)}.txt` })

async function allOf<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

/** S3 was asked, which is enough. */
const noUpload = (error: unknown): unknown => {
  if (error instanceof QuiltError && error.code === 'not_found') return error.code
  throw error
}

async function bytesOf({ body }: { readonly body: AsyncIterable<Uint8Array> }): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const rows = Object.entries(table).flatMap(([area, methods]) =>
  Object.entries(methods).map(([method, row]): { readonly name: string; readonly row: Row } => ({
    name: `${area}.${method}`,
    row,
  })),
)
const needy = rows.filter(({ row }) => row.needs.length > 0)
const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:GetObjectVersion']
const mostRights = ['s3:ListAllMyBuckets', 's3:PutObjectAcl', 's3:GetBucketLocation', 'athena:*']

describe.each(needy)('a bounded backend: $name', ({ row }) => {
  it.each(row.needs)('needs the permission %s, and asks nobody without it', async (action) => {
    const before = labs.sent.length
    const permissions = [...actions.filter((other) => other !== action), ...mostRights]
    await expect(row.call(bounded({ permissions }), 'lab-a')).rejects.toMatchObject({
      code: 'forbidden',
      message: `your token does not list the permission ${action}`,
    })
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('needs the bucket, and asks nobody without it', async () => {
    const before = labs.sent.length
    await expect(row.call(bounded({ permissions: ['*'], buckets: ['lab-a'] }), 'lab-b')).rejects.toMatchObject({
      code: 'forbidden',
      message: 'your token does not list the bucket lab-b',
    })
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('is answered where just these are listed', async () => {
    expect(await row.call(bounded({ permissions: row.needs, buckets: ['lab-a'] }), 'lab-a')).toBeDefined()
  })
})

const page = join(import.meta.dirname, '../../../../docs/reference/token-rights.md')

it('is described as it is: what each call needs', async () => {
  const described = [...(await readFile(page, 'utf8')).matchAll(/^\| `(\w+\.\w+)` \|(.*)\|$/gm)].map(
    ([, name, needs = '']) => [name, [...needs.matchAll(/`(s3:\w+)`/g)].map(([, action]) => action)],
  )
  expect(described).toEqual(rows.map(({ name, row }) => [name, row.needs]))
})

describe('a bounded backend', () => {
  it('is the backend itself where the token bounds nothing', () => {
    expect(bounded({})).toBe(labs.backend)
  })

  it('has every member of the port that a stack has', () => {
    expect(Object.keys(bounded({ buckets: [] })).sort()).toEqual(Object.keys(labs.backend).sort())
  })

  it('switches no roles: that would hold for all tokens of the user', async () => {
    const before = labs.sent.length
    await expect(bounded({ buckets: ['lab-a'] }).roles?.switch('other')).rejects.toMatchObject({
      code: 'forbidden',
      message: 'this token is bounded, and cannot switch the role of its user',
    })
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('says who is asking, whatever the rights', async () => {
    expect(await bounded({ permissions: [], buckets: [] }).identity()).toMatchObject({ user: { name: 'rosa' } })
  })

  it('lists only the buckets of the token, counted and in pages that are full', async () => {
    const { buckets } = bounded({ buckets: ['lab-b', 'lab-c'] })
    expect(await buckets.list()).toEqual({ items: [expect.objectContaining({ name: 'lab-b' })], total: 1 })
    const both = bounded({ buckets: ['lab-a', 'lab-b'] }).buckets
    const first = await both.list({ limit: 1 })
    expect([first.items.map(({ name }) => name), first.total]).toEqual([['lab-a'], 2])
    const second = await both.list({ limit: 1, cursor: first.cursor })
    expect(second).toEqual({ items: [expect.objectContaining({ name: 'lab-b' })], total: 2 })
    await expect(both.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('a bounded package', () => {
  const onlyA: Rights = { buckets: ['lab-a'] }
  const missingB = { code: 'forbidden', message: 'your token does not list the bucket lab-b' }
  const opened = (revision: Revision): Promise<PackageReader> => bounded(onlyA).packages.open(revision)

  it('has every member of a reader', async () => {
    expect(Object.keys(await opened(labs.mixed)).sort()).toEqual(
      Object.keys(await labs.backend.packages.open(labs.mixed)).sort(),
    )
  })

  it('tells what its manifest says, also of files that lie elsewhere', async () => {
    const reader = await opened(labs.mixed)
    const batches: string[] = []
    for await (const batch of reader.entries()) batches.push(...batch.map(({ logicalKey }) => logicalKey))
    expect(batches).toEqual(['a.txt', 'b.txt'])
    expect((await reader.dir('')).items).toHaveLength(2)
    expect(await reader.entry('b.txt')).toMatchObject({ physicalKey: expect.stringContaining('s3://lab-b/raw/b.txt') })
  })

  it('gives the bytes of files in the buckets of the token, and of no others', async () => {
    const reader = await opened(labs.mixed)
    expect(await bytesOf(await reader.read('a.txt'))).toBe('of a\n')
    const before = labs.sent.length
    await expect(reader.read('b.txt')).rejects.toMatchObject(missingB)
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('is not opened through the name of a bucket that is allowed', async () => {
    const disguised = { ...labs.other, bucket: 'lab-a' }
    await expect(opened(disguised)).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      bounded(onlyA).packages.resolve({ bucket: 'lab-a', name: 'study/own' }, labs.other.topHash),
    ).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is not made of objects of another bucket, nor of files on a machine', async () => {
    const before = labs.sent.length
    const push = (physicalKey: string) =>
      bounded(onlyA).packages.push({
        bucket: 'lab-a',
        name: 'made/of-both',
        message: 'made',
        entries: [entryIn('lab-a'), { logicalKey: 'y.txt', physicalKey }],
      })
    await expect(push('s3://lab-b/raw/b.txt')).rejects.toMatchObject(missingB)
    await expect(push('file:///etc/passwd')).rejects.toMatchObject({
      code: 'forbidden',
      message: '"file:///etc/passwd" lies in no bucket',
    })
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('is promoted neither to nor from another bucket, nor with files that lie in one', async () => {
    const promote = (revision: Revision, bucket: string) =>
      bounded(onlyA).packages.promote?.(revision, { bucket, name: 'made/copy', copy: true })
    const before = labs.sent.length
    await expect(promote(labs.own, 'lab-b')).rejects.toMatchObject(missingB)
    await expect(promote(labs.other, 'lab-a')).rejects.toMatchObject(missingB)
    expect(labs.sent.slice(before)).toEqual([])
    await expect(promote(labs.mixed, 'lab-a')).rejects.toMatchObject(missingB)
    await expect(labs.backend.packages.resolve({ bucket: 'lab-a', name: 'made/copy' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
