import { fromPlain } from '@quilt-mcp/core'
import { expect } from 'vitest'
import type { PlacedEntry } from '../../packages/port.js'
import { refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import type { ContractWorld } from './contract-world.js'
import { aPackage, files, fresh, hello, jsonOf } from './made.js'
import { codesOf } from './told.js'

/** Refuses the entries, names the wrong one by `says`, and makes no package. */
async function refuses(world: ContractWorld, entries: readonly PlacedEntry[], says: RegExp): Promise<void> {
  const ref = fresh(world)
  const error = await refusalOf(world.backend.packages.push({ ...ref, entries, message: null }))
  expect([error.code, typeof error.hint]).toEqual(['invalid_input', 'string'])
  expect(error.message).toMatch(says)
  expect(await codesOf([world.backend.packages.resolve(ref)])).toEqual(['not_found'])
}

const wrongKeys = ['../up', 'a//b', '/a', 'a/', '', '.', 'a/./b']
const wrongHashes = [
  ['of an unknown type', { type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }],
  ['of SHA256 in upper case', { type: 'SHA256', value: 'A'.repeat(64) }],
  ['of the chunked type in hexadecimal', { type: 'sha2-256-chunked', value: 'a'.repeat(64) }],
] as const
const wrongPlaces = [
  ['https://example.com/a.txt', /a\.txt|physical key/i],
  ['not a url', /physical key|not a url/i],
  ['s3://', /physical key|s3:/i],
  ['', /physical key|""/i],
] as const

export const refusalCases: ContractSubject = {
  subject: 'a push is refused',
  cases: [
    ...casesOf('for a name that is none', ['A.b/c', 'a', 'a/b/c', '', 'a b/c', 'a/b\n'], async (world, name) => {
      const push = world.backend.packages.push({ bucket: world.bucket, name, entries: [], message: null })
      expect(await codesOf([push])).toEqual(['invalid_input'])
    }),
    {
      title: 'for a name that is nearly one, and the right one is suggested',
      async run(world) {
        const push = world.backend.packages.push({
          bucket: world.bucket,
          name: 'my lab/data.set',
          entries: [],
          message: null,
        })
        expect((await refusalOf(push)).details).toEqual({ suggestion: 'my-lab/data-set' })
      },
    },
    ...casesOf('for a bucket that is none', ['s3://bucket', 'a/b', ''], async ({ backend }, bucket) => {
      expect(await codesOf([backend.packages.push({ bucket, name: 'a/b', entries: [], message: null })])).toEqual([
        'invalid_input',
      ])
    }),
    ...casesOf('for a file that cannot be called so', wrongKeys, async (world, logicalKey) => {
      const [file] = await files(world, { a: 'a' })
      const physicalKey = file?.physicalKey ?? ''
      await refuses(
        world,
        [
          { logicalKey: 'fine.txt', physicalKey },
          { logicalKey, physicalKey },
        ],
        /is not a path of a file|path/,
      )
    }),
    {
      title: 'for two entries of one name',
      async run(world) {
        const [file] = await files(world, { a: 'a' })
        const physicalKey = file?.physicalKey ?? ''
        await refuses(
          world,
          [
            { logicalKey: 'twice', physicalKey },
            { logicalKey: 'twice', physicalKey },
          ],
          /"twice" is the path of another entry, too/,
        )
      },
    },
    {
      title: 'for an entry below another one',
      async run(world) {
        const [file] = await files(world, { a: 'a' })
        const physicalKey = file?.physicalKey ?? ''
        await refuses(
          world,
          [
            { logicalKey: 'a', physicalKey },
            { logicalKey: 'a/b', physicalKey },
          ],
          /"a\/b" lies under "a", which is a file/,
        )
      },
    },
    {
      title: 'for an object that is not there',
      async run(world) {
        await refuses(
          world,
          [{ logicalKey: 'a', physicalKey: `s3://${world.bucket}/does/not-exist` }],
          /does\/not-exist/,
        )
      },
    },
    {
      title: 'for an object of a bucket that is not there',
      async run(world) {
        await refuses(world, [{ logicalKey: 'a', physicalKey: 's3://nowhere/a.txt' }], /nowhere/)
      },
    },
    ...casesOf('for a place that is none', wrongPlaces, async (world, [physicalKey, says]) => {
      await refuses(world, [{ logicalKey: 'a', physicalKey }], says)
    }),
    ...casesOf('for a hash', wrongHashes, async (world, [, hash]) => {
      const [file] = await files(world, { a: 'a' })
      await refuses(world, [{ logicalKey: 'a', physicalKey: file?.physicalKey ?? '', hash, size: 1 }], /hash/)
    }),
    ...casesOf('for a size that is none', [-1, 1.5], async (world, size) => {
      const [file] = await files(world, { a: 'a' })
      await refuses(
        world,
        [{ logicalKey: 'a', physicalKey: file?.physicalKey ?? '', size }],
        /is not a number of bytes/,
      )
    }),
    {
      title: 'for a size that the object does not have',
      async run(world) {
        const [file] = await files(world, { a: 'a' })
        await refuses(
          world,
          [{ logicalKey: 'a', physicalKey: file?.physicalKey ?? '', size: 7 }],
          /1 bytes, the entry says 7/,
        )
      },
    },
    {
      title: 'for all that is wrong at once: every entry is named',
      async run(world) {
        const entries = [
          { logicalKey: '../up', physicalKey: `s3://${world.bucket}/x` },
          { logicalKey: 'b', physicalKey: `s3://${world.bucket}/does/not-exist` },
          { logicalKey: 'c', physicalKey: 'https://example.com/c' },
        ]
        const error = await refusalOf(world.backend.packages.push({ ...fresh(world), entries, message: null }))
        expect(error.details).toEqual({
          count: 3,
          problems: [
            expect.objectContaining({ path: '../up', name: 'InvalidInputParameters' }),
            {
              path: 'b',
              name: 'FailedToFetchObjectMetadata',
              problem: expect.stringMatching(/does\/not-exist: NoSuchKey$/),
              hint: 'Look for the object with bucket_objects_list.',
            },
            expect.objectContaining({ path: 'c', name: 'InvalidS3PhysicalKey' }),
          ],
        })
      },
    },
    ...casesOf(
      'for package metadata that is no object',
      [
        ['a list', [1]],
        ['a text', 'x'],
        ['a number', 1],
      ] as const,
      async (world, [, value]) => {
        const push = world.backend.packages.push({
          ...fresh(world),
          entries: [],
          message: null,
          userMeta: fromPlain(value),
        })
        expect(await codesOf([push])).toEqual(['invalid_input'])
      },
    ),
    {
      title: 'for metadata longer than a line of a manifest may be',
      async run(world) {
        const userMeta = jsonOf(`{"long":"${'x'.repeat(1_000_001)}"}`)
        const push = world.backend.packages.push({ ...fresh(world), entries: [], message: null, userMeta })
        expect((await refusalOf(push)).message).toMatch(/is longer than 1000000 bytes/)
      },
    },
    {
      title: 'for a number that JSON does not have',
      async run(world) {
        const push = world.backend.packages.push({
          ...fresh(world),
          entries: [],
          message: null,
          userMeta: jsonOf('{"n":NaN}'),
        })
        expect(await codesOf([push])).toEqual(['invalid_input'])
      },
    },
    {
      title: 'for who may only read, and nothing is written',
      async run(world) {
        const revision = await aPackage(world, { a: 'a' })
        if (world.reader === undefined) throw new Error('this world knows no rights')
        const { packages } = world.reader
        const calls = [packages.push({ ...revision, entries: [], message: 'x' }), packages.remove(revision)]
        expect(await codesOf(calls)).toEqual(['forbidden', 'forbidden'])
        expect((await world.backend.packages.revisions(revision)).total).toBe(1)
      },
    },
    {
      title: 'not: the metadata of a file is no reason to know the file',
      async run(world) {
        const [file] = await files(world, { a: 'hello' })
        const meta = jsonOf('{"user_meta":{"a":1},"format":{"name":"csv"}}')
        const entries = [{ logicalKey: 'a', physicalKey: file?.physicalKey ?? '', ...hello, meta }]
        expect(
          (await world.backend.packages.push({ ...fresh(world), entries, message: null })).revision.totalEntries,
        ).toBe(1)
      },
    },
  ],
}
