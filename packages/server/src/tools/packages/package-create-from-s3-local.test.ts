import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selectBackend } from '@quilt-mcp/backends'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, clientOf } from '../test/world.js'

let home: string
let ada: Client
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'quilt-from-local-')))
  const root = join(home, 'local')
  await mkdir(join(root, 'runs/one'), { recursive: true })
  await writeFile(join(root, 'runs/one/a.csv'), 'a,b\n')
  await writeFile(join(root, 'runs/notes.txt'), 'notes')
  const surroundings = { env: {}, homeDir: home, platform: process.platform }
  ada = clientOf(await selectBackend({ backend: 'local', surroundings, localRegistry: root }), 'ada')
})
afterAll(() => rm(home, { recursive: true }))

it('a local registry makes packages of its folders, too', async () => {
  const args = { package: 'study/runs', source: 's3://local/runs/', message: 'Runs', organize: 'kind', readme: true }
  const plan = await ada.ok('package_create_from_s3', { ...args, dry_run: true })
  expect(plan).toMatchObject({ entries: 3, cost: { objects_uploaded: 1, objects_copied: 0, bytes_hashed_at_most: 9 } })
  const { package: name, top_hash: topHash } = await ada.ok('package_create_from_s3', args)
  expect(name).toBe('study/runs')
  const browsed = await ada.ok('package_browse', { package: 'study/runs', bucket: 'local', revision: topHash })
  expect(browsed.items).toMatchObject([{ name: 'README.md' }, { name: 'data' }, { name: 'docs' }])
})
