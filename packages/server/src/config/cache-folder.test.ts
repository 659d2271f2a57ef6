import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cacheFolderOf, chosenCacheFolder } from './cache-folder.js'

it.each([
  ['linux', {}, '/home/ada/.cache/quilt-mcp'],
  ['linux', { XDG_CACHE_HOME: '/var/cache/ada' }, '/var/cache/ada/quilt-mcp'],
  ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/ada/.cache/quilt-mcp'],
  ['linux', { XDG_CACHE_HOME: '' }, '/home/ada/.cache/quilt-mcp'],
  ['darwin', { XDG_CACHE_HOME: '/var/cache/ada' }, '/home/ada/Library/Caches/quilt-mcp'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/quilt-mcp'],
  ['win32', {}, '/home/ada/AppData/Local/quilt-mcp'],
] as const)('on %s with %j caches are in %s', (platform, env, folder) => {
  expect(cacheFolderOf({ platform, env, home: '/home/ada' })).toBe(join(folder))
})

it('is the folder of the setting, or none', () => {
  expect(['/tmp/mine', 'none', undefined].map(chosenCacheFolder)).toEqual(['/tmp/mine', undefined, undefined])
})
