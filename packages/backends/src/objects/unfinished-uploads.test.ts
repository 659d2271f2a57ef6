// Uploads whose process was killed: continued by the next one, or taken back.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { S3 } from '@aws-sdk/client-s3'
import { chunkedSha256 } from '@quilt-mcp/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HttpClient } from '../http/client.js'
import { bytesOf } from '../test/collect.js'
import { bundled, run } from '../test/own-process.js'
import { testFolder } from '../test/store-world.js'
import { startWorld, type World, worldFolder } from '../test/world.js'
import { fileContent } from './content.js'
import { createUnfinishedUploads } from './unfinished-uploads.js'

const mebibyte = 1_048_576
let world: World
let program: string
let token: string
let sdk: S3

beforeAll(async () => {
  world = await startWorld()
  program = await bundled('uploader', worldFolder())
  token = await world.stack.admin.sessionToken('ada')
  const answer = await fetch(`${world.stack.registryUrl}/api/auth/get_credentials`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { AccessKeyId, SecretAccessKey, SessionToken } = await answer.json()
  sdk = new S3({
    endpoint: world.stack.s3Endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  })
})
afterAll(async () => {
  sdk.destroy()
  await world.close()
})

const uploadsAtS3 = async () => (await sdk.listMultipartUploads({ Bucket: 'lab-a' })).Uploads ?? []
const notesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name))

describe('an upload whose process was killed', () => {
  let folder: string
  let file: string
  const content = Buffer.alloc(40 * mebibyte, 'quilt')
  const uploadKilled = async (key: string) => {
    const { stack } = world
    const argv = [program, stack.registryUrl, stack.s3Endpoint, token, join(folder, 'notes'), file, key]
    expect((await run(argv, { killAfter: 2 })).signal).toBe('SIGKILL')
    expect((await uploadsAtS3()).map(({ Key }) => Key)).toContain(key)
  }
  const backend = (options: { readonly http?: HttpClient } = {}) =>
    world.backendOf('ada', {
      ...options,
      unfinishedUploads: createUnfinishedUploads({ folder: join(folder, 'notes') }),
    })

  beforeEach(() => {
    folder = testFolder()
    file = join(folder, 'data.bin')
    writeFileSync(file, content)
  })

  it('is noted without secrets, for this user alone', async () => {
    await uploadKilled('killed/noted.bin')
    const [note = '', ...others] = notesIn(join(folder, 'notes'))
    expect(others).toEqual([])
    expect(statSync(note).mode & 0o777).toBe(0o600)
    expect(Object.keys(JSON.parse(readFileSync(note, 'utf8')))).toEqual([
      'bucket',
      'key',
      'startedMs',
      'content',
      'uploadId',
    ])
    expect(readFileSync(note, 'utf8')).not.toContain(token)
    await (await backend()).objects.put({ bucket: 'lab-a', key: 'killed/noted.bin' }, Buffer.from('small'))
  })

  it('is continued by the next of the same file: what S3 has is not sent again, and nothing rests', async () => {
    const at = { bucket: 'lab-a', key: 'killed/continued.bin' }
    await uploadKilled(at.key)
    const [upload] = await uploadsAtS3()
    const { Parts = [] } = await sdk.listParts({ Bucket: at.bucket, Key: at.key, UploadId: upload?.UploadId ?? '' })
    expect(Parts.length).toBeGreaterThanOrEqual(1)
    const sent: string[] = []
    const http: HttpClient = {
      ...world.http,
      send(request) {
        if (request.method === 'PUT') sent.push(/partNumber=(\d+)/.exec(request.rawPath ?? '')?.[1] ?? 'whole')
        return world.http.send(request)
      },
    }
    const next = await backend({ http })
    const { hash } = await next.objects.put(at, await fileContent(file), { contentType: 'text/plain' })
    expect(hash).toEqual(await chunkedSha256(content))
    const missing = ['1', '2', '3', '4', '5'].filter(
      (part) => !Parts.some(({ PartNumber }) => `${PartNumber}` === part),
    )
    // What was on its way when the process died may have arrived since.
    expect(missing).toEqual(expect.arrayContaining(sent))
    expect((await bytesOf((await next.objects.read(at)).body)).equals(content)).toBe(true)
    expect(await uploadsAtS3()).toEqual([])
    expect(notesIn(join(folder, 'notes'))).toEqual([])
  })

  it('is taken back when another content is written in its place', async () => {
    const at = { bucket: 'lab-a', key: 'killed/changed.bin' }
    await uploadKilled(at.key)
    writeFileSync(file, Buffer.alloc(9 * mebibyte, 'other'))
    await (await backend()).objects.put(at, await fileContent(file), { contentType: 'text/plain' })
    expect(await uploadsAtS3()).toEqual([])
    expect(notesIn(join(folder, 'notes'))).toEqual([])
  })

  it('is found at S3 when the process died before it knew the id', async () => {
    await uploadKilled('killed/nameless.bin')
    const [note = ''] = notesIn(join(folder, 'notes'))
    const { uploadId: _, ...nameless } = JSON.parse(readFileSync(note, 'utf8'))
    writeFileSync(note, JSON.stringify(nameless))
    writeFileSync(`${note}.new`, '{"bucket"')
    const other = { Bucket: 'lab-a', Key: 'killed/nameless.bin.other' }
    const { UploadId = '' } = await sdk.createMultipartUpload(other)
    await (await backend()).objects.put({ bucket: 'lab-a', key: 'another.txt' }, Buffer.from('x'))
    expect((await uploadsAtS3()).map((found) => found.UploadId)).toEqual([UploadId])
    expect(notesIn(join(folder, 'notes'))).toEqual([])
    await sdk.abortMultipartUpload({ ...other, UploadId })
  })

  it('is taken back at the first write into its bucket when it is older than a day', async () => {
    await uploadKilled('killed/old.bin')
    const [note = ''] = notesIn(join(folder, 'notes'))
    writeFileSync(
      note,
      JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), startedMs: Date.now() - 90_000_000 }),
    )
    await (await backend()).objects.put({ bucket: 'lab-a', key: 'another.txt' }, Buffer.from('x'))
    expect(await uploadsAtS3()).toEqual([])
    expect(notesIn(join(folder, 'notes'))).toEqual([])
  })
})
