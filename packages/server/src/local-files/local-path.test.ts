import { describe, expect, it } from 'vitest'
import { absolutePath, partsBelow } from './local-path.js'

const linux = { homeDir: '/home/ada', workingDir: '/work', platform: 'linux' } as const
const windows = { homeDir: 'C:\\Users\\ada', workingDir: 'D:\\work', platform: 'win32' } as const

describe('the path that a call gives', () => {
  it.each([
    ['data/a.csv', '/work/data/a.csv'],
    ['../etc/passwd', '/etc/passwd'],
    ['~', '/home/ada'],
    ['~/study//a.csv', '/home/ada/study/a.csv'],
    ['~/../grace/a', '/home/grace/a'],
    ['file:///home/ada/a%20b.csv', '/home/ada/a b.csv'],
    [' a', '/work/ a'],
  ])('%j is %s', (text, path) => {
    expect(absolutePath(text, linux)).toBe(path)
  })

  it.each([
    ['a\\b.csv', 'D:\\work\\a\\b.csv'],
    ['~\\a.csv', 'C:\\Users\\ada\\a.csv'],
    ['~/a.csv', 'C:\\Users\\ada\\a.csv'],
    ['c:/Users/ada/a.csv', 'c:\\Users\\ada\\a.csv'],
    ['\\\\nas\\share\\a.csv', '\\\\nas\\share\\a.csv'],
  ])('%j is %s on Windows', (text, path) => {
    expect(absolutePath(text, windows)).toBe(path)
  })

  it.each([
    ['', linux, 'no file can be called so'],
    ['a\0b', linux, 'no file can be called so'],
    ['s3://lab/a', linux, 'it is a URI'],
    ['~grace/a', linux, 'only ~ for the own home folder'],
    ['\\\\.\\PhysicalDrive0', windows, 'it names a device'],
    ['\\\\?\\C:\\a', windows, 'it names a device'],
    ['C:a.txt', windows, 'a drive needs a backslash'],
    ['C:\\a.txt:hidden', windows, 'it has a colon within'],
  ])('refuses %j', (text, origin, reason) => {
    expect(() => absolutePath(text, origin)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(reason) }),
    )
  })

  it('lies below a folder, or it does not', () => {
    expect(partsBelow('/home/ada', '/home/ada/x/.y', 'linux')).toEqual(['x', '.y'])
    expect(partsBelow('/home/ada', '/home/ada', 'linux')).toEqual([])
    expect(partsBelow('/home/ada', '/home/adam', 'linux')).toBeUndefined()
    expect(partsBelow('/home/ada', '/home/ada/..x', 'linux')).toEqual(['..x'])
    expect(partsBelow('C:\\Users\\ada', 'c:\\users\\ADA\\x', 'win32')).toEqual(['x'])
    expect(partsBelow('C:\\Users\\ada', 'D:\\x', 'win32')).toBeUndefined()
  })
})
