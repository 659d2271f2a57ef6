/** Of which part of a registry a path or key is.
 * @param {string} path */
export function partOf(path) {
  if (/\.quilt\/packages\/[0-9a-f]{64}$/.test(path)) return 'manifest'
  if (/\.quilt\/named_packages\/.*\/latest$/.test(path)) return 'latest'
  if (/\.quilt\/named_packages\/.*\/\d+$/.test(path)) return 'pointer'
  if (/\.lock(\.takeover)?$/.test(path)) return 'lock'
  if (/\.tmp$/.test(path)) return 'temporary file'
  return /\.quilt\//.test(path) ? 'registry' : 'data'
}
