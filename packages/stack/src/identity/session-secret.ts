import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const secretBytes = 32

/** The secret that signs session tokens: made once, kept in the data folder for its owner's eyes only.
 * Call it while the folder is locked: two processes would make two. */
export function sessionSecretOf(dataDir: string): Uint8Array {
  const file = join(dataDir, 'session.key')
  const kept = readIfThere(file)
  if (kept?.length === secretBytes) return kept
  const secret = randomBytes(secretBytes)
  writeFileSync(`${file}.new`, secret, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  return secret
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
