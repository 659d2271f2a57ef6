// The compiled module of packages/core/assembly. Its memory is a workbench: nothing is kept there from one use to the next,
// so that all may share one. Whoever uses it ends with it before anything else can run.
import { wasmBase64 } from './wasm.js'

/** The part of WebAssembly that is used here. (The types of Node leave it out.) */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

/** A number that the module keeps. */
interface Exported {
  readonly value: unknown
}

/** What the module exports. Addresses and lengths are in bytes. */
interface LineModule {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly inputAt: Exported
  readonly inputBytes: Exported
  readonly linesAt: Exported
  readonly previousAt: Exported
  readonly maxKeyBytes: Exported
  readonly outAt: Exported
  readonly blockStartsAt: Exported
  readonly directoryRunsAt: Exported
  readonly extensionRunsAt: Exported
  readonly writtenBytes: Exported
  readonly directoryRuns: Exported
  readonly hashedBytes: Exported
  readonly hashedSizes: Exported
  readonly extensionRuns: Exported
  scan(from: number, end: number): number
  noteKeys(count: number, previousLength: number): number
  noteKey(length: number): void
  writeHashed(from: number, end: number, previousLength: number): number
  writeRecords(
    from: number,
    end: number,
    previousLength: number,
    isSorted: number,
    ordinal: number,
    fileOffset: number,
    expectedOffset: number,
  ): number
}

/** The module with its memory, seen in the ways it is used. */
export interface Workbench {
  readonly calls: LineModule
  /** Room for a block of lines and one byte more. */
  readonly input: Uint8Array
  /** Of each line found 16 integers, as {@link LineField} counts them. */
  readonly fields: Int32Array
  /** The same as doubles, 8 a line. */
  readonly doubles: Float64Array
  /** Room for the key before the first line. */
  readonly previous: Uint8Array
  /** The fingerprints that were written, 2 integers each. */
  readonly fingerprints: Uint32Array
  /** The bytes that a call wrote. */
  readonly out: Uint8Array
  /** Where blocks of records begin in them. */
  readonly blockStarts: Int32Array
  readonly directoryRuns: Runs
  readonly extensionRuns: Runs
}

/** Runs of entries: 6 integers each, or 3 doubles. */
interface Runs {
  readonly fields: Int32Array
  readonly doubles: Float64Array
}

let shared: Workbench | undefined

/** The workbench of this thread. Made when it is first needed: a module compiled, and a mebibyte of memory. */
export function workbench(): Workbench {
  shared ??= madeWorkbench()
  return shared
}

function madeWorkbench(): Workbench {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(wasmBase64, 'base64')))
  const calls = exports as LineModule
  const { buffer } = calls.memory
  const at = (address: Exported): number => Number(address.value)
  const runs = (address: Exported): Runs => ({
    fields: new Int32Array(buffer, at(address)),
    doubles: new Float64Array(buffer, at(address)),
  })
  return {
    calls,
    input: new Uint8Array(buffer, at(calls.inputAt), at(calls.inputBytes) + 1),
    fields: new Int32Array(buffer, at(calls.linesAt)),
    doubles: new Float64Array(buffer, at(calls.linesAt)),
    previous: new Uint8Array(buffer, at(calls.previousAt), at(calls.maxKeyBytes)),
    fingerprints: new Uint32Array(buffer, at(calls.outAt)),
    out: new Uint8Array(buffer, at(calls.outAt)),
    blockStarts: new Int32Array(buffer, at(calls.blockStartsAt)),
    directoryRuns: runs(calls.directoryRunsAt),
    extensionRuns: runs(calls.extensionRunsAt),
  }
}
