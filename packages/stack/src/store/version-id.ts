import { randomBytes } from 'node:crypto'

const timeDigits = 13
const length = 32

/** A new version id: 32 characters `0-9a-v`, sorting by time, unique, opaque to clients.
 * @param nowMs the time, in milliseconds since 1970
 * @param after the key's latest version id: the new one sorts after it even when the clock went back */
export function newVersionId(nowMs: number, after?: string): string {
  const byClock = BigInt(nowMs) << 15n
  const byOrder = after === undefined ? 0n : ticksOf(after) + 1n
  const ticks = byClock > byOrder ? byClock : byOrder
  const random = BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString(32)
    .padStart(length - timeDigits, '0')
  return ticks.toString(32).padStart(timeDigits, '0') + random.slice(timeDigits - length)
}

function ticksOf(versionId: string): bigint {
  let ticks = 0n
  for (const digit of versionId.slice(0, timeDigits)) ticks = ticks * 32n + BigInt(Number.parseInt(digit, 32))
  return ticks
}
