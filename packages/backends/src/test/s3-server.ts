// S3 over a server that plays it, without a registry: for what depends on regions, rights and credentials.
import type { IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { CredentialSource } from '../credentials/exchange.js'
import type { AwsCredentials } from '../credentials/outcome.js'
import { createHttpClient, type HttpClient } from '../http/client.js'
import type { Objects } from '../objects/port.js'
import { s3Objects } from '../objects/s3.js'
import { type S3Access, type S3AccessDeps, s3Access } from '../objects/s3-access.js'
import { type Answer, type FaultServer, faultServer } from './fault-server.js'

/** Keys of an IAM user: no session token, no end. */
export const userKeys: AwsCredentials = { accessKeyId: 'AKIAUSER', secretAccessKey: 'secret' }

/** Credentials that never change. */
export const always = (credentials: AwsCredentials = userKeys): CredentialSource => ({
  available: async () => true,
  get: async () => credentials,
  drop: () => {},
})

/** A client that ends with the test. */
export function testHttp(): HttpClient {
  const http = createHttpClient({ pauseMs: 1 })
  onTestFinished(() => http.close())
  return http
}

export interface PlayedS3 {
  readonly server: FaultServer
  readonly s3: S3Access
  readonly objects: Objects
  readonly http: HttpClient
}

/** @param answer what S3 answers, by the request */
export async function playedS3(answer: Answer, options: Partial<S3AccessDeps> = {}): Promise<PlayedS3> {
  const server = await faultServer(answer)
  const http = testHttp()
  const s3 = s3Access({
    credentials: always(),
    http,
    endpoint: server.url,
    region: async () => 'us-east-1',
    ...options,
  })
  return { server, s3, objects: s3Objects({ s3 }), http }
}

/** Region that a request was signed for; undefined when it is not signed. */
export function regionOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return /Credential=[^/]*\/\d{8}\/([^/]*)\//.exec(headers.authorization ?? '')?.[1]
}
