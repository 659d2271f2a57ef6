import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../test/collect.js'
import { testFolder } from '../../test/store-world.js'
import { createSpool } from './spool.js'

describe('a spool', () => {
  it.each([
    ['in memory', 1_000],
    ['in a file', 5],
  ])('gives its bytes again, as often as it takes: %s', async (_, mostInMemory) => {
    const folder = testFolder()
    const spool = createSpool({ mostInMemory, folder })
    for (const text of ['one', 'two', 'three']) await spool.write(Buffer.from(text))
    expect([spool.size, (await bytesOf(spool.read())).toString()]).toEqual([11, 'onetwothree'])
    await spool.write(Buffer.from('four'))
    expect((await bytesOf(spool.read())).toString()).toBe('onetwothreefour')
    await spool.close()
    await spool.close()
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')(
    'leaves no file behind when the process is killed: it has no name',
    async () => {
      const folder = testFolder()
      const spool = createSpool({ mostInMemory: 1, folder })
      await spool.write(Buffer.from('bytes'))
      expect(readdirSync(folder)).toEqual([])
      await spool.close()
    },
  )
})
