import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.js'
import type { LocalFileAccess } from './local-file-access.js'
import { ownFiles } from './own-files.js'

let root: string
let home: string
let files: LocalFileAccess
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'quilt-local-files-')))
  home = join(root, 'ada')
  await Promise.all(
    [
      'ada/study/README.md',
      'ada/study/raw/b.csv',
      'ada/study/raw/a.csv',
      'ada/study/raw-1/c.csv',
      'ada/study/raw/.DS_Store',
      'ada/study/raw/scratch.tmp',
      'ada/study/__pycache__/x.pyc',
      'ada/study/.env',
      'ada/.ssh/id_ed25519',
      'ada/.local/share/quilt-mcp/session.json',
      'ada/keys/credentials',
      'grace/diary.txt',
    ].map((path) => aFile(path)),
  )
  await writeFile(join(home, 'study/.quiltignore'), '*.tmp\n__pycache__\n')
  await symlink(join(root, 'grace'), join(home, 'study/friend'))
  await symlink(join(root, 'grace/diary.txt'), join(home, 'study/diary.txt'))
  await symlink(join(home, '.ssh/id_ed25519'), join(home, 'study/key.txt'))
  await symlink('README.md', join(home, 'study/SAME.md'))
  await symlink('raw', join(home, 'study/same-folder'))
  await symlink('nowhere', join(home, 'study/dangling'))
  execFileSync('mkfifo', [join(home, 'study/pipe')])
  files = access()
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function aFile(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), path)
}
/** As the settings open them for the user `ada`, who works in `study`. */
function access(env: Readonly<Record<string, string>> = {}, workingDir = join(home, 'study')): LocalFileAccess {
  const all = { AWS_SHARED_CREDENTIALS_FILE: join(home, 'keys/credentials'), ...env }
  const opened = ownFiles(loadConfig({}, all), { env: all, homeDir: home, platform: process.platform, workingDir })
  if (opened === undefined) throw new Error('no folder is open')
  return opened
}
async function refusal(promise: Promise<unknown>): Promise<QuiltError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof QuiltError) return error
  throw new Error('it was not refused', { cause: error })
}
async function listed(folder: string) {
  const found: string[] = []
  const leftOut: Record<string, string> = {}
  const onLeftOut = (reason: string, path: string) => {
    leftOut[path] = reason
  }
  for await (const batch of files.list(folder, { onLeftOut })) found.push(...batch.map(({ path }) => path))
  return { found, leftOut }
}

describe('a file of this machine', () => {
  it.each(['raw/a.csv', '~/study/raw/a.csv', './raw/../raw/a.csv'])('is opened by %s', async (path) => {
    expect(await files.find(path)).toEqual({ kind: 'file', name: 'a.csv', path: join(home, 'study/raw/a.csv') })
    expect((await files.open(path)).size).toBe('ada/study/raw/a.csv'.length)
  })

  it('is opened behind a link that does not lead out', async () => {
    expect(await files.find('SAME.md')).toEqual({ kind: 'file', name: 'SAME.md', path: join(home, 'study/README.md') })
  })

  it.each([
    ['a hidden file', 'raw/.DS_Store'],
    ['what lies in a hidden folder', '~/.ssh/id_ed25519'],
    ['a hidden file that is not there', '~/.aws/credentials'],
    ['our own data', '~/.local/share/quilt-mcp/session.json'],
    ['credentials that the environment names', '~/keys/credentials'],
    ['a folder of somebody else', '../../grace/diary.txt'],
    ['a file elsewhere', '/etc/passwd'],
    ['a file elsewhere that is not there', '/etc/there-is-no-such-file'],
    ['a link to a file elsewhere', 'diary.txt'],
    ['a link to a folder elsewhere', 'friend/diary.txt'],
    ['a link to a hidden file', 'key.txt'],
    ['a pipe', 'pipe'],
    ['a device', '/dev/zero'],
    ['the environment of the server', '/proc/self/environ'],
    ['the environment through its own folder', '/proc/self/cwd/raw/a.csv'],
  ])('is not opened when it is %s', async (_what, path) => {
    expect(await refusal(files.find(path))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(files.open(path))).toMatchObject({ code: 'forbidden' })
  })

  it('does not open the kernel, whatever folder is named', async () => {
    expect(await refusal(access({ QUILT_LOCAL_FILES: '/proc' }).find('/proc/self/environ'))).toMatchObject({
      code: 'forbidden',
    })
  })

  it('is said to be missing where it would be open', async () => {
    expect(await refusal(files.find('none.csv'))).toMatchObject({ code: 'not_found' })
  })

  it('is open in the folders that the settings name, and in no other', async () => {
    const named = access({ QUILT_LOCAL_FILES: `${join(home, '.ssh')},${join(root, 'grace')}` })
    expect(await named.find('../../grace/diary.txt')).toMatchObject({ kind: 'file' })
    expect(await named.find('~/.ssh/id_ed25519')).toMatchObject({ kind: 'file' })
    expect(await refusal(named.find('raw/a.csv'))).toMatchObject({
      code: 'forbidden',
      hint: expect.stringContaining('--local-files'),
    })
  })

  it('is not open because a client started the server in the root of the disk, or in a hidden folder', async () => {
    for (const workingDir of ['/', join(home, '.ssh')]) {
      const { message } = await refusal(access({}, workingDir).find(join(workingDir, 'etc/hostname')))
      expect(message).toContain('is not open to this server')
    }
  })
})

describe('a folder of this machine', () => {
  it('is listed in tree order, and says what is left out', async () => {
    expect(await listed('~/study')).toEqual({
      found: ['README.md', 'SAME.md', 'raw/a.csv', 'raw/b.csv', 'raw-1/c.csv'],
      leftOut: {
        '.env': 'hidden',
        '.quiltignore': 'hidden',
        'raw/.DS_Store': 'hidden',
        'raw/scratch.tmp': 'ignored',
        __pycache__: 'ignored',
        friend: 'link',
        'diary.txt': 'link',
        'key.txt': 'link',
        'same-folder': 'link',
        dangling: 'link',
        pipe: 'closed',
      },
    })
  })

  it('gives the bytes of its files', async () => {
    for await (const batch of files.list('raw-1')) {
      expect(batch.map(({ path, real }) => [path, real])).toEqual([['c.csv', join(home, 'study/raw-1/c.csv')]])
      const content = await batch[0]?.content.open()
      const bytes = new Uint8Array(5)
      await content?.read(bytes, 0)
      await content?.close()
      expect(Buffer.from(bytes).toString()).toBe('ada/s')
    }
  })

  it('is not a file, and a file is no folder', async () => {
    expect(await refusal(files.open('raw'))).toMatchObject({ code: 'invalid_input' })
    expect(await refusal(listed('raw/a.csv'))).toMatchObject({ code: 'invalid_input' })
  })

  it.runIf(process.getuid?.() !== 0)('is not listed in part when a folder in it cannot be read', async () => {
    await mkdir(join(home, 'study/raw/locked'), { mode: 0 })
    expect(await refusal(listed('raw'))).toMatchObject({ code: 'forbidden' })
    await chmod(join(home, 'study/raw/locked'), 0o700)
    await rm(join(home, 'study/raw/locked'), { recursive: true })
  })

  it('is none when the settings say so', () => {
    const surroundings = { env: {}, homeDir: home, platform: process.platform, workingDir: home }
    expect(ownFiles(loadConfig({ localFiles: 'none' }, {}), surroundings)).toBeUndefined()
  })
})
