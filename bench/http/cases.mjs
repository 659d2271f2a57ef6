// What is asked of each server, in both eras of the protocol, and how its answer is known to be right.
const count = 100
export const packageName = 'bench/hundred'
export const files = Array.from({ length: count }, (_, index) => `${String(index).padStart(3, '0')}.txt`)
export const eras = ['2025-06-18', '2026-07-28']

/** Each server's words for the same question. `right` looks at the result of an answer; absent: the server has no such tool.
 * Default pages on both sides; the peer is spared its signed links, which ours does not make. */
export const casesFor = (bucket) => {
  const uri = `quilt+s3://${bucket}#package=${packageName}`
  const inner = (result) => result.structuredContent.result
  return {
    light: {
      ours: call('catalog_link', { bucket, target: packageName }, (result) => result.structuredContent.uri === uri),
      floor: call('echo', { text: uri }, (result) => result.content[0].text === uri),
      // Without a host it would ask the registry for one.
      peer: call(
        'catalog_url',
        { registry: bucket, package_name: packageName, catalog_host: 'catalog.example.com' },
        (result) =>
          inner(result).catalog_url === `https://catalog.example.com/b/${bucket}/packages/${packageName}/tree/latest`,
      ),
    },
    list: {
      ours: list((result) => result.tools.some(({ name }) => name === 'package_browse')),
      peer: list((result) => result.tools.some(({ name }) => name === 'bucket_objects_list')),
    },
    browse: {
      ours: call('package_browse', { bucket, package: packageName }, ({ structuredContent }) =>
        sameFiles(structuredContent.items.map(({ name }) => name)),
      ),
      browsingPeer: call(
        'package_browse',
        { registry: `s3://${bucket}`, package_name: packageName, recursive: false, include_signed_urls: false },
        (result) => sameFiles(inner(result).entries.map((entry) => entry.logical_key)),
      ),
    },
    objects: {
      ours: call('bucket_objects_list', { bucket, prefix: `${packageName}/` }, ({ structuredContent }) =>
        sameFiles(structuredContent.items.map(({ key }) => key.split('/').at(-1))),
      ),
      peer: call('bucket_objects_list', { bucket, prefix: `${packageName}/`, include_signed_urls: false }, (result) =>
        sameFiles(inner(result).objects.map(({ key }) => key.split('/').at(-1))),
      ),
    },
  }
}

const sameFiles = (names) => names.toSorted().join() === files.join()
const call = (name, args, right) => ({ method: 'tools/call', params: { name, arguments: args }, right })
const list = (right) => ({ method: 'tools/list', params: {}, right })

/** The request as it goes over the wire. */
export function requestOf({ method, params }, { era, token }) {
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': era,
  }
  const message = { jsonrpc: '2.0', id: 1, method, params }
  if (era === '2025-06-18') return { headers, body: JSON.stringify(message) }
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return {
    headers: { ...headers, 'Mcp-Method': method, ...(params.name && { 'Mcp-Name': params.name }) },
    body: JSON.stringify({ ...message, params: { ...params, _meta: envelope } }),
  }
}

/** Asks once. @returns the answer's bytes as text @throws when it is not what it has to be */
export async function rightAnswer(url, request, right) {
  const response = await fetch(url, { method: 'POST', ...request })
  const text = await response.text()
  const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)
  if (!response.ok || !result || result.isError || !right(result)) {
    throw new Error(`${request.body.slice(0, 200)} was answered ${response.status} ${text.slice(0, 500)}`)
  }
  // Ours fences what users wrote with a name that is new in each answer.
  return text.replaceAll(/data-[0-9a-f]{10}/g, 'data-fence')
}
