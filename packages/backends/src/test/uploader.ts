// A process that uploads a file in parts, and says so after each.
import { fileContent } from '../objects/content.js'
import { createUnfinishedUploads } from '../objects/unfinished-uploads.js'
import { platformBackend } from '../platform.js'

const [, , registryUrl = '', s3Endpoint = '', token = '', folder = '', file = '', key = ''] = process.argv
const unfinishedUploads = createUnfinishedUploads({ folder })
const backend = platformBackend({ registryUrl, s3Endpoint, token, unfinishedUploads })
const onProgress = ({ done }: { readonly done: number }) => process.stdout.write(`${done}\n`)
await backend.objects.put({ bucket: 'lab-a', key }, await fileContent(file), { contentType: 'text/plain', onProgress })
