// What is asked about: a package of a hundred small files in the bucket of a user of the demo, and a session of that user.
import { files, packageName } from './cases.mjs'

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

/** Makes the package, once a demo. @returns the user's bucket and session token (the peer takes no API key where it needs S3) */
export async function prepare({ mcpUrl, registryUrl, users }) {
  const { token: key, password, bucket } = users.ada
  const entries = files.map((name) => ({ logical_key: name, text: name }))
  const args = { bucket, package: packageName, message: 'A hundred files', entries }
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'package_create', arguments: args } }
  const made = await posted(mcpUrl, message, { ...json, authorization: `Bearer ${key}` })
  if (!made.includes('"top_hash"')) throw new Error(`the package could not be made: ${made.slice(0, 500)}`)
  const { token } = JSON.parse(await posted(`${registryUrl}/api/login`, { username: 'ada', password }, json))
  return { bucket, token }
}

async function posted(url, body, headers) {
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.text()
}
