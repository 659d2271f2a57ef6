// Where the secrets of platform tokens are kept: in a setting or in a file. Those that AWS keeps: aws-secret-source.ts.
import { open } from 'node:fs/promises'
import { QuiltError } from '@quilt-mcp/core'

export interface SecretSource {
  /** What `parseSecrets` takes, as it is now. @throws {QuiltError} why it cannot be had, without any of it */
  read(signal: AbortSignal): Promise<string>
}

const longestFileBytes = 65_536

export const secretText = (text: string): SecretSource => ({ read: async () => text })

/** A file: also one that is replaced while we run, as mounted secrets are. */
export const secretFile = (path: string): SecretSource => ({
  async read() {
    const bytes = await firstBytes(path).catch((cause: unknown) => {
      throw new QuiltError('invalid_input', `${path} cannot be read${reasonIn(cause)}`, {
        hint: 'Check the path and its permissions.',
        cause,
      })
    })
    if (bytes.byteLength <= longestFileBytes) return bytes.toString('utf8')
    throw new QuiltError('invalid_input', `${path} is larger than ${longestFileBytes} bytes`, {
      hint: 'Name the file that holds the secret.',
    })
  },
})

/** All of a small file; of a larger one, one byte more than we take. */
async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestFileBytes + 1))
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const reasonIn = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
