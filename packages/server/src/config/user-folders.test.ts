import { describe, expect, it } from 'vitest'
import { cacheFolder, configFolder, dataFolder } from './user-folders.js'

describe('the folders of a user', () => {
  it.each([
    ['linux', {}, ['/home/ada/.config/quilt-mcp', '/home/ada/.local/share/quilt-mcp', '/home/ada/.cache/quilt-mcp']],
    [
      'linux',
      { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d', XDG_CACHE_HOME: '/e' },
      ['/c/quilt-mcp', '/d/quilt-mcp', '/e/quilt-mcp'],
    ],
    [
      'linux',
      { XDG_CONFIG_HOME: 'relative', XDG_DATA_HOME: '', XDG_CACHE_HOME: './e' },
      ['/home/ada/.config/quilt-mcp', '/home/ada/.local/share/quilt-mcp', '/home/ada/.cache/quilt-mcp'],
    ],
    [
      'darwin',
      { XDG_CACHE_HOME: '/e' },
      [
        '/home/ada/Library/Application Support/quilt-mcp',
        '/home/ada/Library/Application Support/quilt-mcp',
        '/home/ada/Library/Caches/quilt-mcp',
      ],
    ],
    [
      'win32',
      { APPDATA: 'C:\\Roaming', LOCALAPPDATA: 'C:\\Local' },
      ['C:\\Roaming\\quilt-mcp', 'C:\\Local\\quilt-mcp', 'C:\\Local\\quilt-mcp\\Cache'],
    ],
  ] as const)('are on %s with %j: %j', (platform, env, folders) => {
    const surroundings = { platform, env, homeDir: '/home/ada' }
    expect([configFolder(surroundings), dataFolder(surroundings), cacheFolder(surroundings)]).toEqual(folders)
  })
})
