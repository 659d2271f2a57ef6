// Loaded before a pusher (`node --import`): has its process killed at one of the changes that it makes to files, or writes down which
// changes it made. QUILT_CRASH_POINT: a kill point as JSON; QUILT_CRASH_STEPS: where to write the steps.
import fs, { writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { partOf } from './parts.mjs'

const { QUILT_CRASH_POINT, QUILT_CRASH_STEPS } = process.env
const point = QUILT_CRASH_POINT ? JSON.parse(QUILT_CRASH_POINT) : undefined
const steps = []
let seen = 0

function die() {
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment to arrive; nothing more must happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** Does one change. @param {string} step @param {() => Promise<unknown>} change @param {() => Promise<unknown>} [half] */
async function counted(step, change, half) {
  steps.push(step)
  if (step === point?.step) seen += 1
  const hit = step === point?.step && seen === point.nth
  if (hit && point.moment === 'before') die()
  if (hit && point.moment === 'half' && half) {
    await half()
    die()
  }
  const done = await change()
  if (hit) die()
  return done
}

const { promises } = fs
const original = { ...promises }
const paths = new WeakMap()

/** Of a call, the path that it changes: the last one that is a text. */
for (const [name, at] of Object.entries({
  link: 1,
  rename: 1,
  copyFile: 1,
  unlink: 0,
  mkdir: 0,
  rmdir: 0,
  rm: 0,
  truncate: 0,
  writeFile: 0,
  appendFile: 0,
})) {
  promises[name] = (...args) => {
    const path = String(args[at])
    // Folders have no part in a revision.
    if (name === 'mkdir' || name === 'rmdir') return counted(name, () => original[name](...args))
    return counted(`${name} ${partOf(path)}`, () => original[name](...args))
  }
}

promises.open = async (path, flags = 'r', ...rest) => {
  const writes = typeof flags === 'string' ? /[wa+]/.test(flags) : (flags & 3) !== 0
  const open = () => original.open(path, flags, ...rest)
  const handle = writes ? await counted(`open ${partOf(String(path))}`, open) : await open()
  paths.set(handle, String(path))
  return handle
}

const probe = await original.open(import.meta.filename, 'r')
const handles = Object.getPrototypeOf(probe)
await probe.close()
for (const name of ['write', 'writeFile', 'writev', 'truncate', 'sync']) {
  const method = handles[name]
  handles[name] = function (...args) {
    const [bytes] = args
    const half =
      name === 'sync' || !(bytes instanceof Uint8Array || typeof bytes === 'string')
        ? undefined
        : () => method.call(this, bytes.slice(0, Math.floor(bytes.length / 2)))
    return counted(`${name} ${partOf(paths.get(this) ?? '')}`, () => method.apply(this, args), half)
  }
}
syncBuiltinESMExports()

process.on('exit', () => {
  if (QUILT_CRASH_STEPS) writeFileSync(QUILT_CRASH_STEPS, JSON.stringify(steps))
})
