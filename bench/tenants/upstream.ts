// What stands between the servers and the stacks: one address for each registry, one for S3 as in AWS. Disturbs at random, and looks
// at what passes: whose AWS keys are whose, and whether a token goes where it does not belong.
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import type { Stack } from '@quilt-mcp/stack'
import { z } from 'zod'
import type { Random } from '../../e2e/fuzz/random.js'
import { disturbance, undisturbed } from './disturbance.js'
import { type StackName, stackNames } from './tenants.js'

/** What was seen on the way. */
export interface Traffic {
  readonly requests: number
  /** Answers that were made worse. */
  readonly disturbed: number
  /** Whose token got an AWS access key: registry tokens, by key id. */
  readonly keyOwners: ReadonlyMap<string, string>
  /** AWS secret keys and session tokens. */
  readonly secrets: readonly string[]
}

export interface Upstream {
  readonly registryUrls: Readonly<Record<StackName, string>>
  readonly s3Url: string
  /** Delays and failures from now on, or no longer. */
  disturb(isOn: boolean): void
  /** Told of every token that a registry is sent. */
  onToken(watch: (token: string, registry: StackName) => void): void
  traffic(): Traffic
  close(): Promise<void>
}

const issuedKeys = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })

interface Passed {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** @param stackOf the stack of a bucket; undefined: nobody's */
export async function startUpstream(
  stacks: Readonly<Record<StackName, Stack>>,
  stackOf: (bucket: string) => StackName | undefined,
  random: Random,
): Promise<Upstream> {
  const agent = new Agent({ keepAlive: true })
  const keyOwners = new Map<string, string>()
  const secrets: string[] = []
  const count = { requests: 0, disturbed: 0 }
  let isDisturbed = false
  let watch: (token: string, registry: StackName) => void = () => {}

  const pass = async (incoming: IncomingMessage, target: string): Promise<Passed> => {
    const sent = await buffer(incoming)
    const forwarded = request(new URL(incoming.url ?? '/', target), {
      agent,
      method: incoming.method,
      headers: incoming.headers,
    })
    // What breaks once the answer has begun is told by the answer.
    forwarded.on('error', () => {})
    forwarded.end(sent)
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) }
  }
  const serve = async (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    target: () => string,
    seen: (passed: Passed) => Passed,
  ): Promise<void> => {
    count.requests++
    const { delayMs, fault } = isDisturbed ? disturbance(random, incoming.url ?? '/') : undisturbed
    await after(delayMs)
    if (fault !== undefined) count.disturbed++
    if (fault === 'reset before') outgoing.destroy()
    else if (typeof fault === 'number') {
      incoming.resume()
      outgoing.writeHead(fault, { 'content-type': 'application/json' }).end('{"message":"played by the bench"}')
    } else {
      const passed = seen(await pass(incoming, target()))
      if (fault === 'reset after') outgoing.destroy()
      else outgoing.writeHead(passed.status, passed.headers).end(passed.body)
    }
  }
  const listen = async (answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>) => {
    const server = createServer((incoming, outgoing) => {
      // Who asks has left, or the stack has: to the other it is a connection that breaks.
      answer(incoming, outgoing).catch(() => outgoing.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
    return { server, url: `http://127.0.0.1:${address.port}` }
  }

  const registry = async (name: StackName) => {
    const { registryUrl } = stacks[name]
    const listening = await listen((incoming, outgoing) => {
      const token = incoming.headers.authorization?.replace(/^bearer /i, '')
      if (token !== undefined) watch(token, name)
      return serve(
        incoming,
        outgoing,
        () => registryUrl,
        (passed) => {
          if (incoming.url === '/config.json') return replaced(passed, registryUrl, listening.url)
          if (incoming.url?.includes('get_credentials') && token !== undefined && passed.status === 200) {
            const keys = issuedKeys.parse(JSON.parse(passed.body.toString()))
            keyOwners.set(keys.AccessKeyId, token)
            secrets.push(keys.SecretAccessKey, keys.SessionToken)
          }
          return passed
        },
      )
    })
    return listening
  }
  const registries = { home: await registry('home'), other: await registry('other') }
  const s3 = await listen((incoming, outgoing) => {
    const [, bucket = ''] = /^\/([^/?]*)/.exec(incoming.url ?? '/') ?? []
    return serve(
      incoming,
      outgoing,
      () => stacks[stackOf(bucket) ?? 'home'].s3Endpoint,
      (passed) => passed,
    )
  })
  return {
    registryUrls: { home: registries.home.url, other: registries.other.url },
    s3Url: s3.url,
    disturb(isOn) {
      isDisturbed = isOn
    },
    onToken(told) {
      watch = told
    },
    traffic: () => ({ ...count, keyOwners, secrets }),
    async close() {
      for (const { server } of [s3, ...stackNames.map((name) => registries[name])]) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
      agent.destroy()
    },
  }
}

/** A catalog names its own registry: here, the way to it that is watched. */
function replaced({ status, headers, body }: Passed, from: string, to: string): Passed {
  const changed = Buffer.from(body.toString().replaceAll(from, to))
  return { status, headers: { ...headers, 'content-length': String(changed.length) }, body: changed }
}
