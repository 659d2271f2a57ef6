// What a search says of buckets that it cannot bring up to date.
import { QuiltError } from '@quilt-mcp/core'
import { expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { accessDenied, lab, unreachable } from './test/lab.js'

it('searches a bucket as it was when it last answered, and says so', async () => {
  const world = lab()
  world.push('lab/plates', 'plates')
  const process = world.process()
  await process.find('plates')
  world.nowMs += 10_000
  world.store().before = () => Promise.reject(unreachable())
  const answer = await process.find('plates')
  expect(answer).toMatchObject({ total: 1, leftOut: [] })
  expect(answer.indexing).toBeUndefined()
  expect(answer.notes).toEqual([
    'lab-data was searched as it was when it last answered: Listing s3://lab-data: it does not answer.',
  ])
  world.nowMs += 10_000
  world.store().before = undefined
  expect(await process.find('plates')).toMatchObject({ total: 1, notes: [] })
})

it('does not ask a bucket that failed just now again', async () => {
  const world = lab()
  const process = world.process()
  world.store().before = () => Promise.reject(unreachable())
  await refusalOf(process.find('plates'))
  expect((await refusalOf(process.find('plates'))).message).toBe(unreachable().message)
  expect(world.store().calls).toEqual(['list .quilt/named_packages/'])
})

it('leaves a bucket out whose first index breaks off', async () => {
  const world = lab(['lab-data', 'lab-open'])
  const source = await world.source()
  const process = world.process({
    sourceOf: async (bucket) => ({
      ...source,
      bucket,
      async *objects() {
        yield [{ key: 'plates/1.csv', size: 3, modifiedMs: 0, stamp: '1' }]
        if (bucket === 'lab-data') throw unreachable()
      },
    }),
  })
  const answer = await process.find('plates', { scope: 'objects', buckets: undefined })
  expect(answer.hits.map(({ bucket }) => bucket)).toEqual(['lab-open'])
  expect(answer.leftOut).toEqual([{ bucket: 'lab-data', why: 'Listing s3://lab-data: it does not answer' }])
})

it('leaves a bucket out when the credentials expire while it is indexed', async () => {
  const world = lab(['lab-data', 'lab-open'])
  world.push('lab/plates', 'plates')
  world.store().before = (_, key) =>
    key.startsWith('.quilt/packages/') ? Promise.reject(new QuiltError('unauthenticated', 'It expired')) : undefined
  const answer = await world.process().find('plates', { buckets: undefined })
  expect(answer).toMatchObject({ total: 0, leftOut: [{ bucket: 'lab-data', why: 'It expired' }] })
})

it('knows a bucket that is none from one that denies access, when who lists the buckets knows', async () => {
  const world = lab()
  world.store().before = () => Promise.reject(accessDenied())
  world.hide('lab-data')
  const refused = await refusalOf(world.process().find('plates'))
  expect([refused.code, refused.details]).toEqual(['not_found', { missing: 'bucket', bucket: 'lab-data' }])
})

it('says that access is denied when the list of buckets does not answer either', async () => {
  const world = lab()
  world.store().before = () => Promise.reject(accessDenied())
  const process = world.process({
    buckets: { list: () => Promise.reject(unreachable()), get: () => Promise.reject(unreachable()) },
  })
  expect((await refusalOf(process.find('plates'))).code).toBe('forbidden')
})
