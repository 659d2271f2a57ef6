// What an error tells the caller, in the form in which backends are compared.
import { refusalOf } from '../collect.js'
import { type ContractWorld, seen } from './contract-world.js'

/** All that a client sees of the error that a call rejects with. */
export async function told(world: ContractWorld, call: Promise<unknown>): Promise<unknown> {
  const { code, message, hint, details, nextTools } = await refusalOf(call)
  return seen(world, { code, message, hint, details, nextTools })
}

/** Codes of the errors that calls reject with, in their order. */
export async function codesOf(calls: readonly Promise<unknown>[]): Promise<readonly string[]> {
  return (await Promise.all(calls.map(refusalOf))).map(({ code }) => code)
}
