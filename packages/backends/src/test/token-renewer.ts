// A process that renews its token again and again, and says as whom it was known with each.

import { sessionFiles } from '../credentials/session-files.js'
import { sessionTokens } from '../credentials/session-tokens.js'
import { createHttpClient } from '../http/client.js'
import { checkToken } from '../identity.js'

const [, , folder = '', registryUrl = '', rounds = '0'] = process.argv
const http = createHttpClient()
// Without a second look after a refusal: taking turns alone must be enough among our own processes.
const tokens = sessionTokens({ files: sessionFiles(folder), registryUrl, http, now: Date.now, lookPausesMs: [] })

for (let round = 0; round < Number(rounds); round += 1) {
  const token = await tokens.renew(await tokens.get())
  const me = await checkToken({ registryUrl, token, http })
  process.stdout.write(`${me?.name ?? 'nobody'}\n`)
}
await http.close()
