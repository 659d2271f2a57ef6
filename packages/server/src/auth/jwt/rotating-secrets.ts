// Secrets that are read from where the operator keeps them, and read again when they may have changed.
import type { KeyObject } from 'node:crypto'
import { QuiltError } from '@quilt-mcp/core'
import { keptFresh } from './kept-fresh.js'
import type { SecretSource } from './secret-source.js'
import { parseSecrets, secretFor } from './secrets.js'

export interface RotatingSecrets {
  /** The secret for a token with this `kid`; read anew when none is known, at most every 30 s. Undefined: there is none. */
  find(kid: string | undefined): Promise<KeyObject | undefined>
  /** Another secret than the one that did not fit: read anew, at most every 30 s. Undefined: there is none. */
  findOther(kid: string | undefined, refused: KeyObject): Promise<KeyObject | undefined>
}

export interface RotatingSecretsOptions {
  readonly source: SecretSource
  /** Told of every read that failed. */
  readonly onProblem?: ((error: unknown) => void) | undefined
  /** Milliseconds, growing. */
  readonly now?: (() => number) | undefined
}

/**
 * Secrets from a source: read now, again after ten minutes while the known ones serve, and for tokens that none of them fits. Those
 * that the source no longer has are forgotten; a source that does not answer, or answers nonsense, takes none away.
 * @throws {QuiltError} what the source or {@link parseSecrets} says, when the first read fails
 */
export async function rotatingSecrets({ source, onProblem, now }: RotatingSecretsOptions): Promise<RotatingSecrets> {
  const secrets = keptFresh({
    read: async (signal) => parseSecrets(await source.read(signal)),
    unavailable: (cause) => (cause instanceof QuiltError ? cause : noSecrets(cause)),
    onProblem,
    now,
  })
  await secrets.get()
  return {
    find: async (kid) => secretFor(await secrets.get(), kid) ?? secretFor(await secrets.again(), kid),
    findOther: async (kid, refused) => {
      const other = secretFor(await secrets.again(), kid)
      return other?.equals(refused) ? undefined : other
    },
  }
}

function noSecrets(cause: unknown): QuiltError {
  return new QuiltError('upstream', 'the token secrets cannot be read', {
    hint: 'Check that the place that holds them answers.',
    cause,
  })
}
