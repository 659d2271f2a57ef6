// Plain filters over the sample catalogue, to say what a search has to find without any of our own search.
import { latestOf, type SampleEntry, type SamplePackage } from './sample-package.js'

/** Metadata of a package or an entry at a path, keys one by one. */
export function metaAt({ meta }: { readonly meta?: unknown }, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), meta)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What words of a package are looked up in: one text for each field, and for each key. */
function packageTexts(one: SamplePackage): readonly string[] {
  const { comment, meta, workflow, entries } = latestOf(one)
  return [one.name, comment ?? '', metaText(meta), workflow ?? '', ...entries.map(({ key }) => key)]
}

export const entryTexts = ({ key, meta }: SampleEntry): readonly string[] => [key, metaText(meta)]

function metaText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(metaText).join(' ')
  if (!isObject(value)) return String(value)
  return Object.entries(value)
    .map(([key, member]) => `${key} ${metaText(member)}`)
    .join(' ')
}

/** Whether a package says something somewhere. @param pattern with `i`; edges of words are up to it */
export const says =
  (pattern: RegExp) =>
  (one: SamplePackage): boolean =>
    packageTexts(one).some((text) => pattern.test(text))

export const bytesOf = (one: SamplePackage): number => latestOf(one).entries.reduce((sum, { size }) => sum + size, 0)

/** Whether a file of a package is so. */
export const anyKey =
  (pattern: RegExp) =>
  (one: SamplePackage): boolean =>
    latestOf(one).entries.some(({ key }) => pattern.test(key))

/** Whether metadata of a package at a path is so. */
export const metaIs =
  (path: readonly string[], test: (value: unknown) => boolean) =>
  (one: SamplePackage): boolean =>
    test(metaAt(latestOf(one), ...path))

export const isNumber =
  (test: (value: number) => boolean) =>
  (value: unknown): boolean =>
    typeof value === 'number' && test(value)

/** Whether a package was made in a stretch of time; texts as `Date.parse` takes them, the end without itself. */
export const madeIn =
  (from: string, end: string) =>
  (one: SamplePackage): boolean => {
    const ms = latestOf(one).seconds * 1_000
    return ms >= Date.parse(from) && ms < Date.parse(end)
  }
