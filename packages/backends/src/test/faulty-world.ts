// An S3 and a registry that misbehave as told, and a backend between them.
import { onTestFinished } from 'vitest'
import type { Backend } from '../backend.js'
import { createHttpClient } from '../http/client.js'
import { platformBackend } from '../platform.js'
import { type Answer, type FaultServer, faultServer, json, silence, text } from './fault-server.js'

/** The object that the tests ask for. */
export const object = { bucket: 'data', key: 'a.txt' }

/** An error in S3's own form. */
export const s3Says = (code: string, status: number): Answer =>
  text(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`, status, {
    'content-type': 'application/xml',
  })
/** A listing of nothing. */
export const emptyListing = text('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>', 200, {
  etag: '"e1"',
})
/** An object. */
export const bytes = (body: string): Answer => text(body, 200, { etag: '"e1"', 'x-amz-version-id': 'v1' })

/** A registry that issues key-1, key-2, ... */
export async function issuingRegistry(): Promise<FaultServer> {
  let issued = 0
  return faultServer((request, response, body) => {
    if (request.url !== '/api/auth/get_credentials') return json({ message: 'not here' }, 404)(request, response, body)
    issued += 1
    const Expiration = new Date(Date.now() + 3_600_000).toISOString()
    return json({
      AccessKeyId: `key-${issued}`,
      SecretAccessKey: 'secret',
      SessionToken: `session-${issued}`,
      Expiration,
    })(request, response, body)
  })
}

export interface FaultyWorld {
  readonly backend: Backend
  readonly s3: FaultServer
  readonly registry: FaultServer
}

/** @param s3Answers what S3 answers, one after the other
 * @param registry default: one that issues credentials */
export async function faultyWorld(s3Answers: readonly Answer[], registry?: FaultServer): Promise<FaultyWorld> {
  const s3 = await faultServer(...s3Answers)
  const issuing = registry ?? (await issuingRegistry())
  const http = createHttpClient({ pauseMs: 1, timeoutsMs: s3Answers.includes(silence) ? { stream: 300 } : {} })
  onTestFinished(() => http.close())
  return {
    backend: platformBackend({ registryUrl: issuing.url, token: 't', s3Endpoint: s3.url, http }),
    s3,
    registry: issuing,
  }
}

/** Access keys that signed the requests, in order. */
export const signers = (s3: FaultServer) =>
  s3.headers.map(({ authorization }) => /Credential=([^/]*)/.exec(authorization ?? '')?.[1])
/** How often credentials were asked for. */
export const exchanges = (registry: FaultServer) =>
  registry.requests.filter((request) => request.endsWith('get_credentials')).length
