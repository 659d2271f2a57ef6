import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Canary, leaksIn } from './canaries.js'
import { leaksInFolder } from './canary-check.js'

const line = '{"level":30,"time":1,"tool":"object_read","backend":"platform","ms":3,"outcome":"ok","msg":"tool call"}'

describe('the search for canaries in a log', () => {
  const value = 'canary/of ada?+"1"&0123456789abcdef'
  const canaries: readonly Canary[] = [{ kind: 'object text', value }]

  it('finds nothing in lines that hold none', () => {
    expect(leaksIn(`${line}\n${line}\n`, canaries)).toEqual([])
  })

  it.each([
    ['as it is', value],
    ['in JSON', JSON.stringify({ a: value })],
    ['in a URL', encodeURIComponent(value)],
    ['in hex', Buffer.from(value).toString('hex')],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64 of URLs', Buffer.from(value).toString('base64url')],
    ['cut', `${value.slice(0, 24)}...`],
  ])('finds one %s, and says in which line without saying it', (_, text) => {
    expect(leaksIn(`${line}\n${line} ${text}\n${line}`, canaries)).toEqual([{ what: 'object text', line: 2 }])
  })

  it.each([
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln'],
    ['an API key', 'qk_0123'],
    ['a presigned query', '?X-Amz-Signature=0123'],
    ['an Authorization header', '"authorization":"x"'],
    ['an AWS access key id', 'AKIAIOSFODNN7EXAMPLE'],
    ['an AWS access key id', 'ASIAIOSFODNN7EXAMPLE'],
    ['a bearer token', 'bearer abc'],
  ])('finds %s that nobody planted: %s', (what, text) => {
    expect(leaksIn(`${line} ${text}`, [])).toEqual([{ what, line: 1 }])
  })
})

describe('the check of a run', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quilt-canaries-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('passes a run whose logs are clean, and one without any', () => {
    expect(leaksInFolder(folder)).toEqual([])
    writeFileSync(join(folder, 'a.log'), line)
    expect(leaksInFolder(folder)).toEqual([])
  })

  it('finds what one test planted in what the server of another wrote', () => {
    appendFileSync(join(folder, 'canaries.jsonl'), '{"kind":"user email","value":"ada@example.com"}\n')
    writeFileSync(join(folder, 'a.log'), line)
    writeFileSync(join(folder, 'b.log'), `${line}\n${line} ada@example.com\n`)
    expect(leaksInFolder(folder)).toEqual([`${join(folder, 'b.log')}:2: user email`])
  })
})

it('has the logs of every test that starts a server', () => {
  const starting = readdirSync(import.meta.dirname, { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.ts') && name !== 'canaries.test.ts')
    .map((name) => ({ name, text: readFileSync(join(import.meta.dirname, name), 'utf8') }))
    .filter(({ text }) => /\bspawn\(|new StdioClientTransport\(/.test(text))
  expect(starting.length).toBeGreaterThan(1)
  for (const { name, text } of starting) expect(text, `${name} keeps the log`).toContain('keepLog(')
})
