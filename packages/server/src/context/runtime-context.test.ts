import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.js'
import {
  authenticateRuntime,
  clearRuntimeAuth,
  getRuntimeAuth,
  getRuntimeContext,
  getRuntimeEnvironment,
  iterateInContext,
  type RuntimeAuth,
  type RuntimeContext,
  runInContext,
  runtimeRequestId,
  setRuntimeAuth,
  updateRuntimeMetadata,
} from './runtime-context.js'

const auth = (accessToken: string): RuntimeAuth => ({ scheme: 'bearer', accessToken, claims: {}, extras: {} })

/** A request as it comes in over HTTP. */
const entry = (requestId: string): RuntimeContext => ({
  environment: 'web-unauthenticated',
  metadata: { path: '/mcp' },
  requestId,
  signal: new AbortController().signal,
  log: createLog('silent'),
})

/** A request whose token was verified. */
const verified = (requestId: string): RuntimeContext => ({
  ...entry(requestId),
  environment: 'web-jwt',
  auth: auth(requestId),
})

/** What code sees of the context it runs in. */
const seen = () => ({ environment: getRuntimeEnvironment(), token: getRuntimeAuth()?.accessToken })
const outside = { environment: 'desktop', token: undefined }

describe('outside of any request', () => {
  it('the environment is the desktop, without a credential', () => expect(seen()).toEqual(outside))

  it("every id of a request is a new one; inside it is the request's", () => {
    expect(runtimeRequestId()).not.toBe(runtimeRequestId())
    expect(runInContext(entry('a'), runtimeRequestId)).toBe('a')
  })

  it.each([
    ['getRuntimeContext', () => getRuntimeContext()],
    ['authenticateRuntime', () => authenticateRuntime(auth('a'))],
    ['setRuntimeAuth', () => setRuntimeAuth(auth('a'))],
    ['clearRuntimeAuth', () => clearRuntimeAuth()],
    ['updateRuntimeMetadata', () => updateRuntimeMetadata({})],
  ])('%s has nothing to work on and says so', (_, use) => {
    expect(use).toThrow(expect.objectContaining({ code: 'internal', message: expect.stringContaining('runInContext') }))
  })
})

describe('a context', () => {
  it('is there inside, after a wait too, and nowhere else', async () => {
    const running = runInContext(verified('a'), async () => {
      await turn()
      return [getRuntimeContext().requestId, seen()]
    })
    expect(seen()).toEqual(outside)
    expect(await running).toEqual(['a', { environment: 'web-jwt', token: 'a' }])
    expect(seen()).toEqual(outside)
  })

  it.each([
    ['returns', () => {}],
    [
      'throws',
      () => {
        throw new Error('inner')
      },
    ],
    ['rejects', () => Promise.reject(new Error('inner'))],
    ['returns later', () => turn()],
  ])('gives way to the one outside when its function %s', async (_, end) => {
    await runInContext(verified('outer'), async () => {
      const run = () =>
        runInContext(verified('inner'), () => {
          setRuntimeAuth(auth('changed'))
          expect(seen()).toEqual({ environment: 'web-jwt', token: 'changed' })
          return end()
        })
      await Promise.resolve()
        .then(run)
        .catch((error: Error) => expect(error.message).toBe('inner'))
      expect(seen()).toEqual({ environment: 'web-jwt', token: 'outer' })
    })
    expect(seen()).toEqual(outside)
  })

  it('nests: what the inner one changes, the outer one never sees', () => {
    runInContext(entry('outer'), () => {
      runInContext(getRuntimeContext(), () => {
        authenticateRuntime(auth('inner'), { principal: 'abc' })
        runInContext({ ...getRuntimeContext(), requestId: 'innermost' }, () => {
          clearRuntimeAuth()
          expect(seen()).toEqual({ environment: 'web-unauthenticated', token: undefined })
        })
        expect(seen()).toEqual({ environment: 'web-jwt', token: 'inner' })
      })
      expect(getRuntimeContext()).toEqual({ ...entry('outer'), log: expect.anything(), signal: expect.anything() })
    })
  })

  it('never mixes requests that run at the same time', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `request-${index}`)
    const tokens = await Promise.all(
      ids.map((id, index) =>
        runInContext(entry(id), async () => {
          for (let step = 0; step < index % 7; step++) await turn()
          authenticateRuntime(auth(`${id}!`), { id })
          await turn()
          return [getRuntimeAuth()?.accessToken, getRuntimeContext().metadata.id]
        }),
      ),
    )
    expect(tokens).toEqual(ids.map((id) => [`${id}!`, id]))
  })

  it('writes nothing to the environment of the process', async () => {
    const before = { ...process.env }
    await runInContext(entry('a'), async () => {
      authenticateRuntime(auth('a-token'), { principal: 'abc' })
      setRuntimeAuth(auth('b-token'))
      await turn()
      expect({ ...process.env }).toEqual(before)
      clearRuntimeAuth()
    })
    expect({ ...process.env }).toEqual(before)
  })
})

describe('the credential of a context', () => {
  it('is unverified at entry, and verified after authenticateRuntime', () => {
    runInContext(entry('a'), () => {
      expect(seen()).toEqual({ environment: 'web-unauthenticated', token: undefined })
      authenticateRuntime(auth('a-token'), { principal: 'abc' })
      expect(seen()).toEqual({ environment: 'web-jwt', token: 'a-token' })
      expect(getRuntimeContext().metadata).toEqual({ path: '/mcp', principal: 'abc' })
    })
  })

  it('is gone after a failed validation, with all that came with it', () => {
    runInContext(entry('a'), () => {
      authenticateRuntime(auth('a-token'), { principal: 'abc', path: '/other' })
      updateRuntimeMetadata({ role: 'analyst' })
      clearRuntimeAuth()
      expect(seen()).toEqual({ environment: 'web-unauthenticated', token: undefined })
      expect(getRuntimeContext().metadata).toEqual({ path: '/mcp' })
    })
  })

  it('takes all metadata along when the context began with it', () => {
    runInContext(verified('a'), () => {
      clearRuntimeAuth()
      expect(getRuntimeContext().metadata).toEqual({})
    })
  })

  it('is replaced without a word about verification by setRuntimeAuth', () => {
    runInContext(entry('a'), () => {
      setRuntimeAuth(auth('b'))
      expect(seen()).toEqual({ environment: 'web-unauthenticated', token: 'b' })
    })
  })

  it('does not make a web request of a desktop', () => {
    runInContext({ ...entry('a'), environment: 'desktop-stdio' }, () => {
      authenticateRuntime(auth('a'))
      expect(seen()).toEqual({ environment: 'desktop-stdio', token: 'a' })
      clearRuntimeAuth()
      expect(seen()).toEqual({ environment: 'desktop-stdio', token: undefined })
    })
  })
})

describe('the metadata of a context', () => {
  it('grows, and stays when a credential goes that came later', () => {
    runInContext(entry('a'), () => {
      updateRuntimeMetadata({ one: 1 })
      updateRuntimeMetadata({ two: 2 })
      authenticateRuntime(auth('a'), { three: 3 })
      expect(getRuntimeContext().metadata).toEqual({ path: '/mcp', one: 1, two: 2, three: 3 })
      clearRuntimeAuth()
      expect(getRuntimeContext().metadata).toEqual({ path: '/mcp', one: 1, two: 2 })
    })
    runInContext(entry('b'), () => expect(getRuntimeContext().metadata).toEqual({ path: '/mcp' }))
  })
})

describe('what outlives its function', () => {
  async function* steps(closed: () => void = () => {}) {
    try {
      for (let step = 0; step < 3; step++) {
        await turn()
        yield `${step} ${getRuntimeAuth()?.accessToken}`
      }
    } finally {
      closed()
    }
  }

  it('a generator sees its own context at each step, its consumer the one outside', async () => {
    const read: string[] = []
    for await (const step of iterateInContext(verified('a'), () => steps())) {
      read.push(step)
      expect(seen()).toEqual(outside)
    }
    expect(read).toEqual(['0 a', '1 a', '2 a'])
  })

  it('a generator that is left early ends in its own context', async () => {
    const ends: unknown[] = []
    for await (const _ of iterateInContext(verified('a'), () => steps(() => ends.push(seen())))) break
    expect(ends).toEqual([{ environment: 'web-jwt', token: 'a' }])
    expect(seen()).toEqual(outside)
  })

  it('a generator that fails leaves the context outside as it was, and is not asked again', async () => {
    let asked = 0
    const failing = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error(`step ${++asked}`)),
        return: () => Promise.reject(new Error('it has ended already')),
      }),
    }
    const consume = async () => {
      for await (const _ of iterateInContext(verified('a'), () => failing)) expect.unreachable()
    }
    await expect(consume()).rejects.toThrow('step 1')
    expect(seen()).toEqual(outside)
  })

  it('two generators that are read in turns keep apart', async () => {
    const [a, b] = [iterateInContext(verified('a'), () => steps()), iterateInContext(verified('b'), () => steps())]
    expect([(await a.next()).value, (await b.next()).value, (await a.next()).value]).toEqual(['0 a', '0 b', '1 a'])
    await Promise.all([a.return(undefined), b.return(undefined)])
  })

  it('a stream made inside is read outside without its context reaching the reader', async () => {
    const stream = runInContext(verified('a'), () => Readable.from(iterateInContext(getRuntimeContext(), steps)))
    const read: string[] = []
    for await (const step of stream) {
      read.push(step)
      expect(seen()).toEqual(outside)
    }
    expect(read).toEqual(['0 a', '1 a', '2 a'])
  })

  it('a timer started inside runs in it, after the function has returned', async () => {
    const later = runInContext(verified('a'), () => ({ done: turn().then(seen) }))
    expect(seen()).toEqual(outside)
    expect(await later.done).toEqual({ environment: 'web-jwt', token: 'a' })
  })
})
