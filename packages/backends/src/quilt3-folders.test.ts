import { describe, expect, it } from 'vitest'
import { quilt3DataFolders } from './quilt3-folders.js'

describe('the data folder of quilt3', () => {
  it.each([
    ['linux', {}, ['/home/ada/.local/share/Quilt']],
    ['linux', { XDG_DATA_HOME: '/data' }, ['/data/Quilt']],
    ['linux', { XDG_DATA_HOME: ' ' }, ['/home/ada/.local/share/Quilt']],
    ['darwin', {}, ['/home/ada/Library/Application Support/Quilt']],
    ['darwin', { XDG_DATA_HOME: '/data' }, ['/data/Quilt', '/home/ada/Library/Application Support/Quilt']],
  ] as const)('on %s with %j', (platform, env, folders) => {
    expect(quilt3DataFolders({ platform, env, homeDir: '/home/ada' })).toEqual(folders)
  })

  it.each([
    [{}, 'C:\\Users\\ada\\AppData\\Local\\QuiltData\\Quilt'],
    [{ LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\QuiltData\\Quilt'],
  ])('on Windows with %j', (env, folder) => {
    expect(quilt3DataFolders({ platform: 'win32', env, homeDir: 'C:\\Users\\ada' })).toEqual([folder])
  })
})
