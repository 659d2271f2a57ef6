// Uploads by a form of the registry's: what one is good for, and how others try to make more of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aStack, type TestStack } from './test/a-stack.js'

const mutation = `mutation ($bucket: String!, $key: String!, $contentType: String) {
  generateUploadUrl(bucket: $bucket, key: $key, contentType: $contentType) { uploadUrl fields expires } }`
const answer = z.object({
  generateUploadUrl: z.object({
    uploadUrl: z.string(),
    fields: z.record(z.string(), z.string()),
    expires: z.string(),
  }),
})

let world: TestStack
beforeAll(async () => {
  world = await aStack({ uploadUrls: true })
})
afterAll(() => world.close())

interface Form {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

async function formFor(key: string, { token = world.ada, bucket = 'lab-a' } = {}): Promise<Form & { expires: string }> {
  const data = await world.graphql(token, mutation, { bucket, key, contentType: 'text/plain' })
  const { uploadUrl: url, fields, expires } = answer.parse(data).generateUploadUrl
  return { url, fields, expires }
}

/** Posts a file; the fields as in the form unless changed, a field that becomes undefined is left out. */
async function post(
  { url, fields }: Form,
  {
    file = 'hello',
    change = {},
  }: { readonly file?: string; readonly change?: Record<string, string | undefined> } = {},
): Promise<readonly [status: number, code: string | undefined]> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, ...change }))
    if (value !== undefined) form.append(name, value)
  form.append('file', new Blob([file]))
  const response = await fetch(url, { method: 'POST', body: form })
  return [response.status, /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]]
}

describe('a form', () => {
  it('takes one object of that key and type, from anyone, for a quarter of an hour', async () => {
    const form = await formFor("raw/ a+b (1)'ä.txt")
    expect(await post(form)).toEqual([204, undefined])
    const minutes = (Date.parse(form.expires) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(14)
    expect(minutes).toBeLessThanOrEqual(15)
  })

  it('says where the object is, and which version', async () => {
    const { url, fields } = await formFor('raw/told.txt')
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', new Blob(['--x\r\n--boundary\r\n\r\n']))
    const { headers } = await fetch(url, { method: 'POST', body: form })
    expect([headers.get('location'), headers.get('etag')]).toEqual([
      `${world.stack.s3Endpoint}/lab-a/raw/told.txt`,
      expect.stringMatching(/^"[0-9a-f]{32}"$/),
    ])
    expect(headers.get('x-amz-version-id')).toMatch(/^\S+$/)
  })

  it.each([
    ['another key', { key: 'raw/other.txt' }, [403, 'AccessDenied']],
    ['another type', { 'Content-Type': 'text/html' }, [403, 'AccessDenied']],
    ['metadata that it does not name', { 'x-amz-meta-added': 'x' }, [403, 'AccessDenied']],
    ['an ACL that it does not name', { acl: 'public-read' }, [403, 'AccessDenied']],
    ['no policy', { policy: undefined }, [403, 'AccessDenied']],
    ['another signature', { 'x-amz-signature': 'a'.repeat(64) }, [403, 'SignatureDoesNotMatch']],
    ['no signature', { 'x-amz-signature': undefined }, [403, 'SignatureDoesNotMatch']],
    ['another date', { 'x-amz-date': '20200101T000000Z' }, [403, 'AccessDenied']],
    ['no session token', { 'x-amz-security-token': undefined }, [400, 'InvalidToken']],
    ['unknown credentials', { 'x-amz-credential': 'AKIA/20260101/us-east-1/s3/aws4_request' }, [403, 'AccessDenied']],
  ])('is refused with %s', async (_what, change, expected) => {
    expect(await post(await formFor('raw/a.txt'), { change })).toEqual(expected)
  })

  it('is refused at another bucket, also with a policy that was changed to name it', async () => {
    const { url, fields } = await formFor('raw/a.txt')
    const elsewhere = url.replace('/lab-a', '/lab-b')
    expect(await post({ url: elsewhere, fields })).toEqual([403, 'AccessDenied'])
    const policy = Buffer.from(
      Buffer.from(fields.policy ?? '', 'base64')
        .toString()
        .replace('"bucket":"lab-a"', '"bucket":"lab-b"'),
    ).toString('base64')
    expect(await post({ url: elsewhere, fields }, { change: { policy } })).toEqual([403, 'SignatureDoesNotMatch'])
  })

  it('is given to none who may not write there, and to nobody without a token', async () => {
    await expect(formFor('x', { token: world.grace })).rejects.toThrow('Your role may not write to lab-a.')
    await expect(formFor('x', { token: 'none' })).rejects.toThrow()
    await expect(formFor('')).rejects.toThrow('The key is empty.')
  })
})

it('is not offered unless the stack is told to', async () => {
  const plain = await aStack()
  try {
    const data = plain.graphql(plain.ada, mutation, { bucket: 'lab-a', key: 'x' })
    await expect(data).rejects.toThrow('Cannot query field "generateUploadUrl" on type "Mutation"')
  } finally {
    await plain.close()
  }
})
