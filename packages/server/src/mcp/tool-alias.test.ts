import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ToolAlias } from './define-tool.js'
import { parseInput } from './input.js'
import { idleBackend, sampleTools } from './test/sample-tools.js'
import { createToolRegistry, type ToolView } from './tool-registry.js'

const [, quote] = sampleTools
if (quote === undefined) throw new Error('there are no sample tools')
const shoutInput = z.strictObject({ words: z.string(), bucket: z.string().optional() })
const shout: ToolAlias<z.ZodObject, typeof shoutInput> = {
  name: 'shout',
  input: shoutInput,
  adapt: ({ words, bucket }) => ({ text: words, loud: true, ...(bucket !== undefined && { parts: [bucket] }) }),
}
const registry = createToolRegistry([{ ...quote, aliases: ['say_again', shout] }])
const view: ToolView = { surface: 'ours', readOnly: false }

const run = (name: string, args: unknown, in_: ToolView = view) => {
  const { tool, inputSchema } = registry.find(name, in_)
  const context = {
    backend: idleBackend,
    links: { packageUrl: no, objectUrl: no, bucketUrl: no, searchUrl: no },
    signal: new AbortController().signal,
    onProgress() {},
    confirm: () => Promise.resolve(),
    readResource: () => Promise.resolve(''),
  }
  return tool.run(context, parseInput(tool, inputSchema, args))
}
const no = () => undefined

describe('an alias with arguments of its own', () => {
  it('is not listed, and counts as its tool', () => {
    expect(registry.list(view).map(({ name }) => name)).toEqual(['quote'])
    expect(registry.known.tools.get('shout')).toBe('quote')
    expect(registry.find('shout', view).tool.name).toBe('quote')
  })

  it('takes its own arguments, and what they mean goes to the tool, defaults and all', async () => {
    expect(await run('shout', { words: 'a' })).toEqual({
      structure: { quoted: [{ untrusted: 'a' }], given: { loud: true } },
    })
    expect(await run('say_again', { text: 'b', times: 2 })).toEqual({
      structure: { quoted: [{ untrusted: 'b' }, { untrusted: 'b' }] },
    })
  })

  it('refuses those of the tool', () => {
    expect(() => run('shout', { words: 'a', text: 'b' })).toThrow(
      expect.objectContaining({ code: 'invalid_input', hint: 'Arguments: words (required), bucket.' }),
    )
    expect(() => run('quote', { words: 'a' })).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('is left out with its tool', () => {
    expect(() => registry.find('shout', { ...view, tools: new Set() })).toThrow(
      expect.objectContaining({ code: 'forbidden', message: 'this server leaves out quote' }),
    )
  })

  it('is bound to the buckets of the request as the tool is', async () => {
    const narrowing = { readOnly: false, buckets: new Set(['lab-a']) }
    await expect(run('shout', { words: 's3://lab-b/x' }, { ...view, narrowing })).resolves.toBeDefined()
    await expect(run('shout', { words: 'a', bucket: 's3://lab-b/x' }, { ...view, narrowing })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})
