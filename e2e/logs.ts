// What servers write to stderr in an end-to-end run, kept in one folder until canary-check.ts has looked through it.
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const folderVariable = 'QUILT_E2E_LOGS'

/** The folder of this run; undefined outside of a run of the tests. */
export const runFolder = (): string | undefined => process.env[folderVariable]

/** Says where the folder of this run is, to this process and those it starts from now on. */
export function useRunFolder(folder: string): void {
  process.env[folderVariable] = folder
}

/** Keeps all that a server writes. Every test that starts one hands its stderr here.
 * @returns what it wrote so far */
export function keepLog(stderr: Readable): () => string {
  const folder = runFolder()
  const file = folder === undefined ? undefined : join(folder, `${randomUUID()}.log`)
  const chunks: Buffer[] = []
  stderr.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    if (file !== undefined) appendFileSync(file, chunk)
  })
  return () => Buffer.concat(chunks).toString()
}
