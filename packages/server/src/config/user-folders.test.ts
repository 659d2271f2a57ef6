import { expect, it } from 'vitest'
import { configFolder, dataFolder } from './user-folders.js'

it.each([
  ['linux', {}, '/home/ada/.config/quilt-mcp', '/home/ada/.local/share/quilt-mcp'],
  ['linux', { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' }, '/c/quilt-mcp', '/d/quilt-mcp'],
  [
    'linux',
    { XDG_CONFIG_HOME: 'relative', XDG_DATA_HOME: '' },
    '/home/ada/.config/quilt-mcp',
    '/home/ada/.local/share/quilt-mcp',
  ],
  [
    'darwin',
    { XDG_CONFIG_HOME: '/c' },
    '/home/ada/Library/Application Support/quilt-mcp',
    '/home/ada/Library/Application Support/quilt-mcp',
  ],
  ['win32', { APPDATA: 'C:\\roam', LOCALAPPDATA: 'C:\\local' }, 'C:\\roam\\quilt-mcp', 'C:\\local\\quilt-mcp'],
] as const)('on %s with %j settings are in %s, data in %s', (platform, env, config, data) => {
  const surroundings = { env, homeDir: '/home/ada', platform }
  expect([configFolder(surroundings), dataFolder(surroundings)]).toEqual([config, data])
})
