// npm run test:conformance: the MCP conformance suite against the real server, for the two revisions we promise.
// The suite cannot send a bearer token, so a small proxy on loopback adds one; everything else passes through it unchanged.
// The suite needs Node 22, which npm supplies. A line of expected-failures.*.yml that starts to pass fails the run too.
import { spawn } from 'node:child_process'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { startDemo } from '../demo-process.mjs'

const suite = '@modelcontextprotocol/conformance@0.2.0-alpha.12'
const revisions = ['2026-07-28', '2025-11-25']

/** A proxy to `target` that signs every request in as `token`. */
async function signingProxy(target, token) {
  const server = createServer((incoming, outgoing) => {
    const forwarded = request(
      new URL(incoming.url, target),
      { method: incoming.method, headers: { ...incoming.headers, authorization: `Bearer ${token}` } },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers)
        answer.pipe(outgoing)
      },
    )
    forwarded.on('error', (error) => outgoing.destroy(error))
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

/** Runs the suite for one revision. @returns its exit code */
function conform(revision, url) {
  const expected = join(import.meta.dirname, `expected-failures.${revision}.yml`)
  const command = `conformance server --url ${url} --requirements ${revision} --expected-failures ${expected}`
  const child = spawn('npx', ['-y', '-p', 'node@22', '-p', suite, '-c', command], {
    stdio: 'inherit',
    cwd: join(import.meta.dirname, '../..'),
  })
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}

const demo = await startDemo()
const proxy = await signingProxy(demo.mcpUrl, demo.users.ada.token)
const failed = []
try {
  for (const revision of revisions) {
    console.log(`\nMCP conformance, requirements ${revision}`)
    if ((await conform(revision, `${proxy.url}/mcp`)) !== 0) failed.push(revision)
  }
} finally {
  proxy.close()
  await demo.stop()
}
console.log(
  failed.length
    ? `\nconformance: FAILED for ${failed.join(', ')}`
    : `\nconformance: as expected for ${revisions.join(' and ')}`,
)
process.exitCode = failed.length ? 1 : 0
