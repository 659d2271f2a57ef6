import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allTools } from './index.js'
import { aWorld, type World } from './test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('the examples of every tool', () => {
  const examples = allTools.flatMap((tool) => tool.examples.map((example) => ({ name: tool.name, tool, example })))

  it.each(examples)('$name runs with $example and answers what its output schema says', async ({ tool, example }) => {
    const structure =
      tool.name === 'package_delete'
        ? await world.ada.confirmed(tool.name, example)
        : await world.ada.ok(tool.name, example)
    expect(tool.output.safeParse(structure).error).toBeUndefined()
  })

  it('are there for every tool', () => {
    for (const { name, examples: own } of allTools) expect(own.length, name).toBeGreaterThan(0)
  })
})
