// A request is signed with the caller's own credentials or not sent at all, whatever identity this process has (design 4).
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Backend } from '../backend.js'
import { platformBackend } from '../platform.js'
import { refusalOf, refusalsOf } from '../test/collect.js'
import { withEnvironment } from '../test/environment.js'
import { type FaultServer, faultServer, json } from '../test/fault-server.js'
import { bytes, emptyListing, faultyWorld, issuingRegistry, object, signers } from '../test/faulty-world.js'
import { linkOf } from '../test/links.js'
import { behindProxy } from '../test/proxy.js'

describe('fail closed', () => {
  /** Everything the AWS SDK could find an identity or an endpoint in. */
  async function poisonedEnvironment(): Promise<FaultServer> {
    const poison = await faultServer(
      json({ AccessKeyId: 'POISON', SecretAccessKey: 'POISON', Token: 'POISON', Expiration: '2099-01-01T00:00:00Z' }),
    )
    const folder = mkdtempSync(join(tmpdir(), 'poison-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'config')
    const keys = 'aws_access_key_id = POISON\naws_secret_access_key = POISON\n'
    writeFileSync(
      file,
      `[default]\n${keys}[poison]\n${keys}[profile poison]\n${keys}endpoint_url = ${poison.url}\nregion = eu-poison-1\n`,
    )
    withEnvironment({
      AWS_ACCESS_KEY_ID: 'POISON',
      AWS_SECRET_ACCESS_KEY: 'POISON',
      AWS_SESSION_TOKEN: 'POISON',
      AWS_PROFILE: 'poison',
      AWS_CONFIG_FILE: file,
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: poison.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: poison.url,
      AWS_ENDPOINT_URL: poison.url,
      AWS_ENDPOINT_URL_S3: poison.url,
      AWS_REGION: 'eu-poison-1',
    })
    return poison
  }

  const everyCall = (backend: Backend): readonly Promise<unknown>[] => [
    backend.objects.list('data'),
    backend.objects.info(object),
    backend.objects.read(object),
    linkOf(backend, object),
    backend.objects.put(object, Buffer.from('x')),
  ]

  it('without an exchange nothing is sent to S3, whatever identity the process has', async () => {
    const poison = await poisonedEnvironment()
    const { backend, s3 } = await faultyWorld(
      [bytes('fine')],
      await faultServer(json({ message: 'Exchange is off' }, 403)),
    )
    for (const error of await refusalsOf(everyCall(backend))) {
      expect([error.code, error.details]).toEqual(['forbidden', { reason: 'exchange-refused', status: 403 }])
    }
    expect([s3.requests, poison.requests]).toEqual([[], []])
  })

  it.each([
    ['a dead token', json({ message: 'Unauthorized' }, 401), 'unauthenticated'],
    ['a broken registry', json({ message: 'oops' }, 500), 'upstream'],
    ['an answer without credentials', json({}), 'upstream'],
  ])('%s sends nothing to S3 either', async (_fault, answer, code) => {
    await poisonedEnvironment()
    const { backend, s3 } = await faultyWorld([bytes('fine')], await faultServer(answer))
    for (const error of await refusalsOf(everyCall(backend))) expect(error.code).toBe(code)
    expect(s3.requests).toEqual([])
  })

  it('with an exchange every request is signed by the exchanged key, for the region of the stack', async () => {
    const poison = await poisonedEnvironment()
    const { backend, s3 } = await faultyWorld([emptyListing])
    const [, , , link] = await Promise.all(everyCall(backend))
    expect(new Set(signers(s3))).toEqual(new Set(['key-1']))
    const sent = JSON.stringify([s3.headers, s3.requests, link])
    expect(sent).toContain('/us-east-1/s3/aws4_request')
    expect(sent.toLowerCase()).not.toContain('poison')
    expect(poison.requests).toEqual([])
  })

  it('Amazon is addressed as Amazon, whatever endpoint the environment names', async () => {
    const poison = await poisonedEnvironment()
    const { http, asked } = await behindProxy()
    const backend = platformBackend({ registryUrl: (await issuingRegistry()).url, token: 't', http })
    await refusalOf(backend.objects.read(object))
    expect([asked, poison.requests]).toEqual([['data.s3.us-east-1.amazonaws.com:443'], []])
  })
})

describe('the identity of this machine', () => {
  /** Files below src that import a module, by the end of its path; tests are left out. */
  const importersOf = (module: string): readonly string[] => {
    const source = join(import.meta.dirname, '..')
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('test'))
      .filter((path) => new RegExp(`['/]${module}'`).test(readFileSync(join(source, path), 'utf8')))
  }

  it('is looked for in one file, which the iam backend imports, and who signs AssumeRole; no backend imports the latter', () => {
    expect(importersOf('credential-provider-node')).toEqual([join('credentials', 'chain.ts')])
    expect(importersOf('chain.js').toSorted()).toEqual([join('credentials', 'process-role-signer.ts'), 'iam.ts'])
    expect(importersOf('process-role-signer.js')).toEqual(['index.ts'])
  })
})
