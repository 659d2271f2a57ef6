import { expect } from 'vitest'
import type { PackageReader } from '../../packages/port.js'
import { refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { aPackage, fresh, freshHash, line, opened, plantRevision } from './made.js'
import { codesOf, told } from './told.js'

const contents = {
  Z: 'z',
  'data/x.csv': '1,2',
  'data/deep/er.txt': 'e',
  'data-1/y': 'y',
  'data.csv': '',
  'README.md': '#',
}

async function tree(world: ContractWorld): Promise<PackageReader> {
  return opened(world, await aPackage(world, contents))
}

export const directoryCases: ContractSubject = {
  subject: 'a directory of a revision',
  cases: [
    ...casesOf(
      'holds files and directories in tree order',
      [
        ['', ['README.md', 'Z', 'data/', 'data-1/', 'data.csv']],
        ['data', ['data/deep/', 'data/x.csv']],
        ['data/', ['data/deep/', 'data/x.csv']],
        ['data/deep', ['data/deep/er.txt']],
        ['data/deep/', ['data/deep/er.txt']],
      ] as const,
      async (world, [path, keys]) => {
        expect((await (await tree(world)).dir(path)).items.map(({ logicalKey }) => logicalKey)).toEqual(keys)
      },
    ),
    {
      title: 'tells name, size and place of files, and name of directories',
      async run(world) {
        const ref = fresh(world)
        const lines = [
          '{"version": "v0", "message": null}',
          line(world, 'data/deep/er.txt'),
          line(world, 'data/x 1.csv'),
        ]
        const topHash = freshHash()
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash, lines })
        const { items, total } = await (await opened(world, ref)).dir('data')
        // Who reads the manifest knows how many bytes lie below; the registry is not asked, for it may fail at it.
        const [{ size = 5, ...directory } = {}, ...files] = items
        expect(seen(world, { items: [{ ...directory, size }, ...files], total })).toEqual({
          items: [
            { kind: 'directory', name: 'deep', logicalKey: 'data/deep/', size: 5 },
            {
              kind: 'file',
              name: 'x 1.csv',
              logicalKey: 'data/x 1.csv',
              size: 5,
              physicalKey: 'registry:/data/data/x%201.csv',
            },
          ],
          total: 2,
        })
      },
    },
    {
      title: 'comes in pages that any limit continues',
      async run(world) {
        const reader = await tree(world)
        const first = await reader.dir('', { limit: 2 })
        const next = await reader.dir('', { limit: 1, cursor: first.cursor })
        const last = await reader.dir('', { limit: 10, cursor: next.cursor })
        expect([first.total, next.total, last.total, last.cursor]).toEqual([5, 5, 5, undefined])
        expect([first, next, last].flatMap(({ items }) => items.map(({ name }) => name))).toEqual([
          'README.md',
          'Z',
          'data',
          'data-1',
          'data.csv',
        ])
      },
    },
    {
      title: 'does not take the cursor of another list',
      async run(world) {
        const reader = await tree(world)
        const cursors = ['x', '', Buffer.from('{"token":"t"}').toString('base64url')]
        const codes = await codesOf(cursors.map((cursor) => reader.dir('', { cursor })))
        expect(codes).toEqual(['invalid_input', 'invalid_input', 'invalid_input'])
      },
    },
    {
      title: 'has no page of zero, or of more than a thousand',
      async run(world) {
        const reader = await tree(world)
        expect(await codesOf([reader.dir('', { limit: 0 }), reader.dir('', { limit: 1_001 })])).toEqual([
          'invalid_input',
          'invalid_input',
        ])
      },
    },
    ...casesOf(
      'that is not there is not found, and what is near is named',
      [
        ['dataa', 'There is no dataa in', 'Near it: data, data-1.', ['data', 'data-1']],
        ['data/x.cvs', 'There is no data/x.cvs in', 'Near it: data/x.csv.', ['data/x.csv']],
        ['data/x.csv', 'data/x.csv in', 'Read it with object_read.', undefined],
        ['nothing/at/all', 'There is no nothing/at/all in', 'Look at what is there with package_browse.', undefined],
        ['README.md/x', 'There is no README.md/x in', 'Look at what is there with package_browse.', undefined],
      ] as const,
      async (world, [path, message, hint, near]) => {
        const error = await refusalOf((await tree(world)).dir(path))
        expect([error.code, error.hint]).toEqual(['not_found', hint])
        expect(error.message.startsWith(message)).toBe(true)
        expect(error.details).toEqual({ missing: 'path', path, ...(near === undefined ? {} : { near }) })
      },
    ),
    ...casesOf('has no such path', ['../up', 'a//b', './a', '/data', '..'], async (world, path) => {
      expect(await codesOf([(await tree(world)).dir(path)])).toEqual(['invalid_input'])
    }),
    {
      title: 'is told to be one when it is taken for a file',
      async run(world) {
        const reader = await tree(world)
        const where = `data in ${reader.revision.name}@${reader.revision.topHash.slice(0, 10)}`
        const calls = [reader.entry('data'), reader.read('data')]
        for (const error of await Promise.all(calls.map((call) => told(world, call))))
          expect(error).toMatchObject({
            code: 'not_found',
            message: `${where} is a directory, not a file`,
            hint: 'List it with package_browse.',
            nextTools: ['package_browse'],
          })
      },
    },
    {
      title: 'of a package without files is empty',
      async run(world) {
        const reader = await opened(world, await aPackage(world, {}))
        expect(await reader.dir('')).toEqual({ items: [], total: 0 })
      },
    },
    {
      title: 'is in tree order also when its manifest is not',
      async run(world) {
        const ref = fresh(world)
        const keys = ['data.csv', 'data/x', 'Z', 'data-1/y', 'data/a']
        const lines = ['{"version": "v0", "message": null}', ...keys.map((key) => line(world, key))]
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash: freshHash(), lines })
        const reader = await opened(world, ref)
        expect((await reader.dir('')).items.map(({ logicalKey }) => logicalKey)).toEqual([
          'Z',
          'data/',
          'data-1/',
          'data.csv',
        ])
        expect((await reader.dir('data')).items.map(({ logicalKey }) => logicalKey)).toEqual(['data/a', 'data/x'])
      },
    },
    {
      title: 'with metadata of its own in the manifest is listed once',
      async run(world) {
        const ref = fresh(world)
        const lines = [
          '{"version": "v0", "message": null}',
          '{"logical_key": "data/", "meta": {"a": 1}}',
          line(world, 'data/x'),
        ]
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash: freshHash(), lines })
        const reader = await opened(world, ref)
        expect((await reader.dir('')).items.map(({ logicalKey }) => logicalKey)).toEqual(['data/'])
        expect((await reader.dir('data')).items.map(({ logicalKey }) => logicalKey)).toEqual(['data/x'])
        expect(reader.revision.totalEntries).toBe(1)
      },
    },
    {
      title: 'with thousands of files is listed page by page, complete',
      async run(world) {
        const ref = fresh(world)
        const keys = Array.from({ length: 2_500 }, (_, index) => `many/${String(index).padStart(5, '0')}.txt`)
        const lines = ['{"version": "v0", "message": null}', ...keys.map((key) => line(world, key))]
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash: freshHash(), lines })
        const reader = await opened(world, ref)
        const found: string[] = []
        let cursor: string | undefined
        do {
          const page = await reader.dir('many', { limit: 1_000, cursor })
          found.push(...page.items.map(({ logicalKey }) => logicalKey))
          cursor = page.cursor
        } while (cursor !== undefined)
        expect(found).toEqual(keys)
      },
    },
  ],
}
