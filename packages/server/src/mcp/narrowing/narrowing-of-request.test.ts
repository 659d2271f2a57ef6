import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allTools } from '../../tools/index.js'
import { knownNames } from './named-lists.js'
import { narrowest } from './narrowing.js'
import { narrowingHeaders, narrowingOf } from './narrowing-of-request.js'

const known = knownNames(allTools)

/** What a request leaves. @param path what follows the endpoint @param headers one value, or one for each line */
function left(path: string, headers: Partial<Record<(typeof narrowingHeaders)[number], string | string[]>> = {}) {
  const segments = path.split('/').slice(1)
  return narrowingOf({ segments, header: (name) => [headers[name] ?? []].flat() }, known)
}
const refused = (code: string, message: string, hint = '') =>
  expect.objectContaining({ code, message, hint: expect.stringContaining(hint) })

describe('a path', () => {
  it.each([
    ['', {}],
    ['/', {}],
    ['/readonly', { readOnly: true }],
    ['/readonly/', { readOnly: true }],
    ['/x/packages', { toolsets: new Set(['packages']) }],
    ['/x/packages,objects', { toolsets: new Set(['packages', 'objects']) }],
    ['/x/packages%2Cobjects', { toolsets: new Set(['packages', 'objects']) }],
    ['/t/object_read', { tools: new Set(['object_read']) }],
    ['/t/s3_object_info,packages_list', { tools: new Set(['object_info', 'package_list']) }],
    ['/b/lab-a', { buckets: new Set(['lab-a']) }],
    ['/b/readonly', { buckets: new Set(['readonly']) }],
    ['/b/b/readonly', { buckets: new Set(['b']), readOnly: true }],
    ['/x/packages/readonly', { toolsets: new Set(['packages']), readOnly: true }],
    ['/x/packages/b/lab-a', { toolsets: new Set(['packages']), buckets: new Set(['lab-a']) }],
    [
      '/x/packages/t/package_list/b/lab-a/readonly',
      {
        toolsets: new Set(['packages']),
        tools: new Set(['package_list']),
        buckets: new Set(['lab-a']),
        readOnly: true,
      },
    ],
  ])('%j leaves what it says', (path, expected) => {
    expect(left(path)).toEqual({ readOnly: false, ...expected })
  })

  it.each([
    '/x',
    '/x/',
    '/readonly/x/packages',
    '/b/lab-a/x/packages',
    '/x/packages/x/objects',
    '/readonly/readonly',
    '/READONLY',
    '/readonly//',
    '//readonly',
    '/x/packages/more',
    '/__proto__/y',
    '/constructor',
  ])('%j is no path of ours', (path) => {
    expect(() => left(path)).toThrow(refused('not_found', 'there is nothing at this path', 'in this order: /x/'))
  })

  it.each([
    ['/x/packages,', '/x/ in the path has an empty name', ''],
    ['/x/packages,packages', '/x/ in the path has a name twice', ''],
    ['/x/all', '/x/ in the path names "all", which is no toolset', 'Toolsets: catalog'],
    ['/t/package_brouse', '/t/ in the path names "package_brouse", which is no tool', 'Did you mean package_browse?'],
    ['/b/lab-a,lab-b', '/b/ in the path is not the name of a bucket', 'one bucket'],
    ['/b/s3%3A%2F%2Flab-a', '/b/ in the path is not the name of a bucket', 'by its name alone'],
    ['/b/%2e%2e', '/b/ in the path is not the name of a bucket', ''],
    ['/b/%zz', 'the path has a broken percent sign', ''],
  ])('%j is refused with what is known', (path, message, hint) => {
    expect(() => left(path)).toThrow(refused('invalid_input', message, hint))
  })
})

describe('headers', () => {
  it.each([
    [{ 'X-MCP-Readonly': 'true' }, { readOnly: true }],
    [{ 'X-MCP-Readonly': ' TRUE ' }, { readOnly: true }],
    [{ 'X-MCP-Readonly': 'false' }, {}],
    [{ 'X-MCP-Toolsets': 'packages , objects' }, { toolsets: new Set(['packages', 'objects']) }],
    [{ 'X-MCP-Tools': 'object_read' }, { tools: new Set(['object_read']) }],
    [{ 'X-Quilt-Bucket': 'lab-a' }, { buckets: new Set(['lab-a']) }],
  ])('%j leave what they say', (headers, expected) => {
    expect(left('', headers)).toEqual({ readOnly: false, ...expected })
  })

  it.each([
    [{ 'X-MCP-Readonly': '' }, 'X-MCP-Readonly is neither true nor false'],
    [{ 'X-MCP-Readonly': 'yes' }, 'X-MCP-Readonly is neither true nor false'],
    [{ 'X-MCP-Readonly': 'false, true' }, 'X-MCP-Readonly is neither true nor false'],
    [{ 'X-MCP-Readonly': ['true', 'false'] }, 'X-MCP-Readonly is sent twice'],
    [{ 'X-MCP-Toolsets': '' }, 'X-MCP-Toolsets has an empty name'],
    [{ 'X-MCP-Toolsets': ['packages', 'objects'] }, 'X-MCP-Toolsets is sent twice'],
    [{ 'X-MCP-Toolsets': 'packages;objects' }, 'X-MCP-Toolsets names "packages;objects", which is no toolset'],
    [{ 'X-MCP-Tools': 'object_read,object_read' }, 'X-MCP-Tools has a name twice'],
    [{ 'X-MCP-Tools': '*' }, 'X-MCP-Tools names "*", which is no tool'],
    [{ 'X-Quilt-Bucket': '' }, 'X-Quilt-Bucket is not the name of a bucket'],
    [{ 'X-Quilt-Bucket': 'lab-a, lab-b' }, 'X-Quilt-Bucket is not the name of a bucket'],
    [{ 'X-Quilt-Bucket': 's3://lab-a' }, 'X-Quilt-Bucket is not the name of a bucket'],
    [{ 'X-Quilt-Bucket': ['lab-a', 'lab-a'] }, 'X-Quilt-Bucket is sent twice'],
  ])('%j are refused, and never read as "not given"', (headers, message) => {
    expect(() => left('', headers)).toThrow(refused('invalid_input', message))
  })

  it('say at most 60 characters of what is wrong again', () => {
    expect(() => left('', { 'X-MCP-Tools': 'a'.repeat(8_000) })).toThrow(
      expect.objectContaining({ message: `X-MCP-Tools names "${'a'.repeat(60)}", which is no tool` }),
    )
  })
})

describe('a path and headers', () => {
  it('leave what both leave', () => {
    expect(left('/x/packages,objects', { 'X-MCP-Toolsets': 'objects,catalog', 'X-MCP-Readonly': 'true' })).toEqual({
      readOnly: true,
      toolsets: new Set(['objects']),
    })
    expect(left('/readonly', { 'X-MCP-Readonly': 'false' })).toEqual({ readOnly: true })
    expect(left('/b/lab-a', { 'X-Quilt-Bucket': 'lab-a' })).toEqual({ readOnly: false, buckets: new Set(['lab-a']) })
  })

  it('are refused when they fix two buckets', () => {
    expect(() => left('/b/lab-a', { 'X-Quilt-Bucket': 'lab-b' })).toThrow(
      refused('invalid_input', 'the path and X-Quilt-Bucket name different buckets', 'Name the bucket once.'),
    )
  })

  it('never leave more than either alone', () => {
    const paths = fc.subarray(['x/packages,catalog', 't/object_read,package_list', 'b/lab-a', 'readonly'])
    const headers = fc.record(
      {
        'X-MCP-Readonly': fc.constantFrom('true', 'false'),
        'X-MCP-Toolsets': fc.constantFrom('packages', 'objects,catalog'),
        'X-MCP-Tools': fc.constantFrom('package_list', 's3_object_info'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(paths, headers, (parts, given) => {
        const path = parts.map((one) => `/${one}`).join('')
        expect(left(path, given)).toEqual(narrowest(left(path), left('', given)))
      }),
    )
  })
})

it('reads a header of every name that it announces', () => {
  const asked: string[] = []
  narrowingOf(
    {
      segments: [],
      header: (name) => {
        asked.push(name)
        return []
      },
    },
    known,
  )
  expect(asked).toEqual([...narrowingHeaders])
})

describe('docs/reference/narrowing.md', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../../docs/reference/narrowing.md'), 'utf8')

  it('shows paths that are understood, and all of them start at an endpoint of ours', () => {
    const paths = [...page.matchAll(/`(\/mcp[^`<\s]*)`/g)].map(([, path = '']) => path)
    expect(paths.length).toBeGreaterThan(6)
    for (const path of paths) expect(() => left(path.replace(/^\/mcp(\/platform\/mcp)?/, ''))).not.toThrow()
  })

  it('has a row for each header, and no other', () => {
    expect([...page.matchAll(/^\| `(X-[\w-]+)/gm)].map(([, name]) => name)).toEqual([...narrowingHeaders])
  })

  it('names the toolsets there are', () => {
    const [, names = ''] = /^Toolsets: (.*)\.$/m.exec(page) ?? []
    expect(names.split(', ').map((name) => name.replaceAll('`', ''))).toEqual([...known.toolsets])
  })
})
