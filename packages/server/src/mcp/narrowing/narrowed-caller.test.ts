import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TwoLabs, twoLabs } from '../../auth/test/two-labs.js'
import { allTools } from '../../tools/index.js'
import { type Client, clientOf } from '../../tools/test/world.js'
import { sampleCaller } from '../test/sample-tools.js'
import { narrowedCaller } from './narrowed-caller.js'

let labs: TwoLabs
/** Sees both buckets; her requests are narrowed to lab-a. */
let rosa: Client
beforeAll(async () => {
  labs = await twoLabs()
  rosa = clientOf(labs.backend, 'rosa', { readOnly: false, buckets: new Set(['lab-a']) })
})
afterAll(() => labs.close())

const refusal = {
  code: 'forbidden',
  message: 'this request is narrowed to lab-a, not lab-b',
  hint: expect.stringContaining('not your token'),
}

const referencesToB = [
  's3://lab-b/raw/b.txt',
  'quilt+s3://lab-b#package=secret/plan&path=b.txt',
  'https://catalog.example.com/b/lab-b/packages/secret/plan',
]
/** Users' words and content. */
const mayMention = new Set(['text', 'base64', 'message', 'metadata'])

describe('narrowedCaller', () => {
  const oneBucket = (bucket: string) => ({ readOnly: false, buckets: new Set([bucket]) })

  it('links into no other bucket', () => {
    const links = narrowedCaller(sampleCaller(), oneBucket('lab-a')).links()
    expect(links.bucketUrl('lab-a')).toBe('https://catalog.example.com/b/lab-a')
    expect([
      links.bucketUrl('lab-b'),
      links.objectUrl({ bucket: 'lab-b', key: 'x' }),
      links.packageUrl({ bucket: 'lab-b', name: 'a/b' }),
    ]).toEqual([undefined, undefined, undefined])
  })

  it('keeps what a caller was narrowed to before: two buckets one after the other leave none', async () => {
    const caller = narrowedCaller(
      narrowedCaller(sampleCaller({ backend: () => Promise.resolve(labs.backend) }), oneBucket('lab-a')),
      oneBucket('lab-b'),
    )
    expect(caller.view.narrowing).toEqual({ readOnly: false, buckets: new Set() })
    const backend = await caller.backend()
    expect((await backend.buckets.list()).items).toEqual([])
    for (const bucket of ['lab-a', 'lab-b']) {
      await expect(backend.objects.list(bucket)).rejects.toMatchObject({ code: 'forbidden' })
    }
  })
})

describe('a request that is narrowed to a bucket', () => {
  it('sees only that bucket', async () => {
    expect(await rosa.ok('bucket_list')).toMatchObject({ buckets: [{ name: 'lab-a' }], total: 1 })
    const listed = await rosa.ok('get_resource', { uri: 'buckets' })
    expect(listed.text).toContain('lab-a')
    expect(listed.text).not.toContain('lab-b')
  })

  it.each([
    [
      'package_list',
      {},
      { bucket: 'lab-a', packages: expect.arrayContaining([{ name: 'study/own', modified: expect.anything() }]) },
    ],
    ['bucket_objects_list', { prefix: 'raw/' }, { bucket: 'lab-a' }],
    ['object_read', { key: 'raw/a.txt' }, { text: { untrusted: 'of a\n' } }],
    ['object_read', { uri: 's3://lab-a/raw/a.txt' }, { text: { untrusted: 'of a\n' } }],
    ['package_browse', { package: 'study/own' }, { bucket: 'lab-a', package: 'study/own' }],
    ['package_browse', { package: 'quilt+s3://lab-a#package=study/own' }, { bucket: 'lab-a' }],
    ['package_browse', { package: 'study/own', bucket: 's3://lab-a' }, { bucket: 'lab-a' }],
    ['package_diff', { package: 'study/mixed', base: 'study/own' }, { counts: { added: 1, unchanged: 1 } }],
    ['catalog_link', { target: 'study/own' }, { uri: 'quilt+s3://lab-a#package=study/own' }],
    ['catalog_link', {}, { uri: 's3://lab-a', url: 'https://catalog.example.com/b/lab-a' }],
    ['object_put', { key: 'raw/put.txt', text: 'put' }, { uri: expect.stringContaining('s3://lab-a/raw/put.txt') }],
  ])('needs not name it: %s %j', async (tool, args, expected) => {
    expect(await rosa.ok(tool, args)).toMatchObject(expected)
  })

  it.each([
    ['package_list', { bucket: 'lab-b' }],
    ['bucket_objects_list', { bucket: 's3://lab-b/raw/' }],
    ['object_read', { uri: 's3://lab-b/raw/b.txt' }],
    ['object_info', { bucket: 'lab-b', key: 'raw/b.txt' }],
    ['object_link', { uri: 'https://catalog.example.com/b/lab-b/tree/raw/b.txt' }],
    ['object_put', { bucket: 'lab-b', key: 'raw/c.txt', text: 'c' }],
    ['package_browse', { package: 'quilt+s3://lab-b#package=secret/plan' }],
    ['package_browse', { package: 'https://catalog.example.com/b/lab-b/packages/secret/plan' }],
    ['package_revisions', { package: 'secret/plan', bucket: 'lab-b' }],
    ['package_diff', { package: 'study/own', base: 'quilt+s3://lab-b#package=secret/plan' }],
    ['package_delete', { package: 'secret/plan', bucket: 'lab-b', revision: 'all' }],
    ['package_promote', { package: 'secret/plan', bucket: 'lab-b', to_bucket: 'lab-b', to_package: 'a/b' }],
    ['package_promote', { package: 'study/own', to_bucket: 'lab-b' }],
    [
      'package_create',
      { package: 'made/here', message: 'm', entries: [{ logical_key: 'x', uri: 's3://lab-b/raw/b.txt' }] },
    ],
    [
      'package_update',
      {
        package: 'study/own',
        message: 'm',
        add: '[{"logical_key": "x", "uri": "quilt+s3://lab-b#package=secret/plan&path=b.txt"}]',
      },
    ],
    ['catalog_link', { target: 's3://lab-b/raw/b.txt' }],
    ['catalog_link', { bucket: 'lab-b' }],
  ])('is refused another by itself, before anybody is asked: %s %j', async (tool, args) => {
    const before = labs.sent.length
    expect(await rosa.fails(tool, args)).toMatchObject(refusal)
    expect(labs.sent.slice(before)).toEqual([])
  })

  it.each(allTools)('is refused another by $name, in whichever argument it stands', async ({
    name,
    input,
    examples,
  }) => {
    const [example] = examples
    const texts = Object.keys(input.shape).filter((argument) => !mayMention.has(argument))
    const calls = texts.flatMap((argument) =>
      referencesToB.flatMap((uri) => [uri, [uri], [{ logical_key: 'x', uri }]].map((value) => ({ argument, value }))),
    )
    const before = labs.sent.length
    for (const { argument, value } of calls) {
      const { code } = await rosa.fails(name, { ...example, [argument]: value })
      expect(code, `${argument} ${JSON.stringify(value)}`).toMatch(/^(forbidden|invalid_input)$/)
    }
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('is refused a link whose target is the bare name of another', async () => {
    expect(await rosa.fails('catalog_link', { target: 'lab-b' })).toMatchObject({ code: 'invalid_input' })
  })

  it('is refused files of its packages that lie in another, and sees no link to them', async () => {
    const file = { uri: 'quilt+s3://lab-a#package=study/mixed&path=b.txt' }
    expect(await rosa.fails('object_read', file)).toMatchObject(refusal)
    expect(await rosa.fails('object_link', file)).toMatchObject(refusal)
    const info = await rosa.ok('object_info', file)
    expect(info).toMatchObject({ size: 5, note: 'From the manifest alone: the object itself was not looked at.' })
  })

  it('makes no revision of what lies in another', async () => {
    const added = { logical_key: 'mine.txt', text: 'mine' }
    expect(await rosa.fails('package_update', { package: 'study/mixed', message: 'm', add: [added] })).toMatchObject(
      refusal,
    )
    const entry = { logical_key: 'b.txt', uri: 'quilt+s3://lab-a#package=study/mixed&path=b.txt' }
    expect(await rosa.fails('package_create', { package: 'made/of-b', message: 'm', entries: [entry] })).toMatchObject(
      refusal,
    )
    const { topHash } = await labs.backend.packages.resolve({ bucket: 'lab-a', name: 'study/mixed' })
    expect(topHash).toBe(labs.mixed.topHash)
  })

  it('creates and updates packages of its own', async () => {
    const entries = [
      { logical_key: 'a.txt', uri: 's3://lab-a/raw/a.txt' },
      { logical_key: 'n.txt', text: 'see s3://lab-b/x' },
    ]
    await rosa.ok('package_create', { package: 'made/own', message: 's3://lab-b is not touched', entries })
    expect(await rosa.ok('package_update', { package: 'made/own', message: 'm', remove: ['n.txt'] })).toMatchObject({
      bucket: 'lab-a',
      counts: { removed: 1 },
    })
  })

  it('is read-only and narrowed further at once', async () => {
    const reader = clientOf(labs.backend, 'rosa', { readOnly: true, buckets: new Set(['lab-a']) })
    expect(await reader.fails('object_put', { key: 'x', text: 'x' })).toMatchObject({
      code: 'forbidden',
      message: 'object_put changes data, and this request is read-only',
    })
  })

  it('leaves the backend itself as it was', async () => {
    const whole = clientOf(labs.backend, 'rosa')
    expect(await whole.ok('object_read', { uri: 's3://lab-b/raw/b.txt' })).toMatchObject({
      text: { untrusted: 'of b\n' },
    })
  })
})
