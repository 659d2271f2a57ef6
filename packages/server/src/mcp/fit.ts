// The last resort when a result is too long: cuts its longest texts and lists until it fits. Tools that list use pageOf
// and never come this far.
import { fencedLength, type Rendered, rendered } from './untrusted.js'

export interface Fitted<Structure> {
  readonly structure: Structure
  /** The structure as text. */
  readonly text: Rendered
  /** What was cut, in words: `text: first 1,200 of 90,000 characters`. Empty when it fitted. */
  readonly cuts: readonly string[]
}

type Path = readonly (string | number)[]
/** A text or list inside a structure that can be made shorter. */
interface Cuttable {
  readonly path: Path
  readonly value: string | readonly unknown[]
  readonly size: number
}

const shortestText = 80
const mostRounds = 50

/** The structure, cut to at most `maxChars` characters of text where that can be done by cutting texts and lists. */
export function fit<Structure extends object>(structure: Structure, maxChars: number): Fitted<Structure> {
  let text = rendered(structure)
  if (text.length <= maxChars) return { structure, text, cuts: [] }
  const copy = structuredClone(structure)
  const cuts = new Map<string, { readonly from: number; readonly to: number; readonly unit: string }>()
  for (let round = 0; round < mostRounds && text.length > maxChars; round++) {
    const target = largest(cuttablesIn(copy, []))
    if (!target) break
    const shorter = shortened(target, text.length - maxChars)
    place(copy, target.path, shorter)
    const name = nameOf(target.path)
    const unit = typeof shorter === 'string' ? 'characters' : 'items'
    cuts.set(name, { from: cuts.get(name)?.from ?? target.value.length, to: shorter.length, unit })
    text = rendered(copy)
  }
  return {
    structure: copy,
    text,
    cuts: [...cuts].map(([name, { from, to, unit }]) => `${name}: first ${to} of ${from} ${unit}`),
  }
}

/** Where a cut was made. What is inside of an untrusted value is not named: its keys are users' text. */
function nameOf(path: Path): string {
  const end = path.indexOf('untrusted')
  if (end === -1 || end === path.length - 1) return path.filter((part) => part !== 'untrusted').join('.')
  return `inside ${path.slice(0, end).join('.')}`
}

/** Removes enough from the end to lose `excess` characters, or as much as may be removed. */
function shortened({ value }: Cuttable, excess: number): string | readonly unknown[] {
  if (typeof value === 'string') {
    // Escapes make the rendered text longer than the value; the next round removes what is left of the excess.
    const kept = Math.max(shortestText, value.length - excess)
    return value.slice(0, endsInsidePair(value, kept) ? kept - 1 : kept)
  }
  let lost = 0
  let kept = value.length
  while (kept > 1 && lost < excess) {
    kept--
    lost += fencedLength(value[kept]) + 1
  }
  return value.slice(0, kept)
}

const endsInsidePair = (text: string, end: number): boolean => /[\uD800-\uDBFF]/.test(text.charAt(end - 1))

/** Prefers a text over the list it is in: half of a list's size in one text means the text is the problem. */
function largest(cuttables: readonly Cuttable[]): Cuttable | undefined {
  const texts = cuttables.filter(({ value }) => typeof value === 'string')
  const text = biggest(texts)
  const list = biggest(cuttables.filter(({ value }) => typeof value !== 'string'))
  return text && (!list || text.size * 2 >= list.size) ? text : list
}

const biggest = (cuttables: readonly Cuttable[]): Cuttable | undefined =>
  cuttables.reduce<Cuttable | undefined>(
    (most, one) => (most === undefined || one.size > most.size ? one : most),
    undefined,
  )

function cuttablesIn(node: unknown, path: Path): Cuttable[] {
  if (typeof node === 'string')
    return node.length > shortestText ? [{ path, value: node, size: fencedLength(node) }] : []
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.entries(node).flatMap(([key, member]) =>
    cuttablesIn(member, [...path, Array.isArray(node) ? Number(key) : key]),
  )
  return Array.isArray(node) && node.length > 1 ? [{ path, value: node, size: fencedLength(node) }, ...inside] : inside
}

function place(root: object, path: Path, value: unknown): void {
  let node: unknown = root
  for (const part of path.slice(0, -1)) node = Reflect.get(Object(node), part)
  const last = path.at(-1)
  if (last !== undefined) Reflect.set(Object(node), last, value)
}
