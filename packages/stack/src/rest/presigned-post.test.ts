import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deriveKey, hmacHex } from '../s3/sigv4.js'
import { type Loopback, startLoopback } from '../s3/test/loopback.js'
import { type PresignedPost, presignedPost } from './presigned-post.js'

let s3: Loopback
beforeAll(async () => {
  s3 = await startLoopback({
    buckets: ['lab'],
    roles: { analyst: { lab: 'READ_WRITE' }, reader: { lab: 'READ' } },
    users: { ada: ['analyst'], rita: ['reader'] },
  })
})
afterAll(() => s3.close())

const made = (change: Partial<Parameters<typeof presignedPost>[0]> = {}): PresignedPost =>
  presignedPost({
    endpoint: s3.endpoint,
    bucket: 'lab',
    key: 'a.txt',
    contentType: undefined,
    credentials: s3.credentials('ada'),
    seconds: 900,
    now: new Date(),
    ...change,
  })

async function post({ url, fields }: Pick<PresignedPost, 'url' | 'fields'>, file = 'hello', name = 'file') {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  form.append(name, new Blob([file]))
  const response = await fetch(url, { method: 'POST', body: form })
  return [response.status, /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]]
}

/** A form with any policy, rightly signed. */
function withPolicy(document: unknown, more: Readonly<Record<string, string>> = {}): PresignedPost {
  const credentials = s3.credentials('ada')
  const form = made({ credentials })
  const policy = Buffer.from(JSON.stringify(document)).toString('base64')
  const date = (form.fields['x-amz-date'] ?? '').slice(0, 8)
  const key = deriveKey(credentials.secretAccessKey, {
    accessKeyId: credentials.accessKeyId,
    date,
    region: 'us-east-1',
    service: 's3',
  })
  return { ...form, fields: { ...form.fields, ...more, policy, 'x-amz-signature': hmacHex(key, policy) } }
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
const anyAmz = [
  ['starts-with', '$x-amz-algorithm', ''],
  ['starts-with', '$x-amz-credential', ''],
  ['starts-with', '$x-amz-date', ''],
  ['starts-with', '$x-amz-security-token', ''],
]

describe('a form', () => {
  it('takes a file of the size that its policy allows, not a byte more', async () => {
    expect(await post(made({ largest: 5 }))).toEqual([204, undefined])
    expect(await post(made({ largest: 4 }))).toEqual([400, 'EntityTooLarge'])
    const range = ['content-length-range', 6, 10]
    const tooSmall = withPolicy({
      expiration: inAnHour(),
      conditions: [{ bucket: 'lab' }, { key: 'a.txt' }, ...anyAmz, range],
    })
    expect(await post(tooSmall)).toEqual([400, 'EntityTooSmall'])
  })

  it('is dead when its time is over, or that of its credentials', async () => {
    expect(await post(made({ now: new Date(Date.now() - 901_000) }))).toEqual([403, 'AccessDenied'])
    const credentials = s3.credentials('ada', { seconds: 1 })
    const { expires } = made({ credentials })
    expect(expires).toEqual(credentials.expires)
    const old = { ...credentials, expires: new Date(Date.now() + 900_000) }
    await new Promise((resolve) => setTimeout(resolve, credentials.expires.getTime() - Date.now()))
    expect(await post(made({ credentials: old }))).toEqual([400, 'ExpiredToken'])
  })

  it('writes nothing that its signer may not write', async () => {
    expect(await post(made({ credentials: s3.credentials('rita') }))).toEqual([403, 'AccessDenied'])
  })

  it('may leave the key open below a prefix, and no further', async () => {
    const conditions = [{ bucket: 'lab' }, ['starts-with', '$key', 'in/'], ...anyAmz]
    const open = (key: string) => withPolicy({ expiration: inAnHour(), conditions }, { key })
    expect(await post(open('in/x.txt'))).toEqual([204, undefined])
    expect(await post(open('out/x.txt'))).toEqual([403, 'AccessDenied'])
  })

  it('must name its bucket in the policy', async () => {
    expect(await post(withPolicy({ expiration: inAnHour(), conditions: [{ key: 'a.txt' }, ...anyAmz] }))).toEqual([
      403,
      'AccessDenied',
    ])
  })

  it.each([
    ['no document', 'x'],
    ['conditions of another kind', { expiration: '2099-01-01T00:00:00Z', conditions: [['ne', '$key', 'x']] }],
    ['no end', { conditions: [] }],
    ['an end that is no date', { expiration: 'soon', conditions: [] }],
  ])('with a policy of %s is refused', async (_what, document) => {
    expect(await post(withPolicy(document))).toEqual([400, 'InvalidPolicyDocument'])
  })

  it('without a file is refused', async () => {
    expect(await post(made(), 'hello', 'other')).toEqual([400, 'MalformedPOSTRequest'])
  })

  it('with more beside the file than 20 kB is refused before it is held', async () => {
    const { url, fields } = made()
    expect(await post({ url, fields: { ...fields, 'x-ignore-much': 'x'.repeat(30_000) } })).toEqual([
      400,
      'MalformedPOSTRequest',
    ])
  })

  it('that breaks off leaves nothing', async () => {
    const { url, fields } = made({ key: 'broken.txt' })
    const head = Object.entries(fields).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const body = `${head.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhalf`
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'multipart/form-data; boundary=b' }
      request(url, { method: 'POST', headers }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end(body)
    })
    expect(status).toBe(400)
    expect(s3.store.head('lab', 'broken.txt')).toBeUndefined()
    expect(s3.defects).toEqual([])
  })
})
