// A process that writes the same files as its rivals. Says which files it was the one to create.
import { QuiltError } from '@quilt-mcp/core'
import { fileStore } from '../packages/stores/file-store.js'
import { bytesOf } from './collect.js'

const [, , root = '', name = '', rounds = '0'] = process.argv
const store = fileStore({ root })

const won = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'conflict') return false
    throw error
  }
}

for (let round = 0; round < Number(rounds); round += 1) {
  const key = `once/${round}`
  if (await won(store.write(key, Buffer.from(name), { expected: null }))) process.stdout.write(`${key}\n`)
  for (;;) {
    const counter = await store.read('counter')
    const count = counter === undefined ? 0 : Number(await bytesOf(counter.body))
    if (await won(store.write('counter', Buffer.from(String(count + 1)), { expected: counter?.etag ?? null }))) break
  }
}
