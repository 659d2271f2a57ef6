// How a registry store says that somebody else was there meanwhile.
import { QuiltError } from '@quilt-mcp/core'

/** The error of a write whose `expected` does not hold. @param name URL of what was to be written */
export function hasMoved(name: string, cause?: unknown): QuiltError {
  return new QuiltError('conflict', `${name} is there already, or has changed; nothing was written`, {
    hint: 'Read the current state, then make the change again.',
    cause,
  })
}

/** The error of a read that meant other bytes. @param name URL of what was to be read */
export function hasChanged(name: string, cause?: unknown): QuiltError {
  return new QuiltError('conflict', `${name} has changed since it was looked at`, {
    hint: 'Wait until nothing writes to it, then read it again.',
    retryable: true,
    cause,
  })
}
