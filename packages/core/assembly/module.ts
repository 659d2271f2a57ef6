// Lines of manifests, many in one call: compiled to WebAssembly by `node packages/core/assembly/compile.mjs`.
export { hashedBytes, hashedSizes, writeHashed } from './hashed-entries'
export { directoryRuns, extensionRuns, writeRecords, writtenBytes } from './index-records'
export { noteKey, noteKeys } from './keys'
export {
  blockStartsAt,
  directoryRunsAt,
  extensionRunsAt,
  inputAt,
  inputBytes,
  linesAt,
  maxKeyBytes,
  outAt,
  previousAt,
} from './layout'
export { scan } from './scan'
