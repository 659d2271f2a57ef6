// Lines of manifests, many in one call: compiled to WebAssembly by `node packages/core/assembly/compile.mjs`.
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
