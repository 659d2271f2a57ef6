// Counters and histograms in Prometheus' text format. Small on purpose: label values come from closed sets, so no series is ever dropped.

export type Labels = Readonly<Record<string, string>>

/** One metric family. */
export interface Family {
  /** Its lines, comments first, each ending in a newline. */
  text(): string
}

export interface Counter extends Family {
  add(labels: Labels): void
}

export interface Histogram extends Family {
  observe(labels: Labels, value: number): void
}

/** Counts, by labels. */
export function counter(name: string, help: string): Counter {
  const values = new Map<string, number>()
  return {
    add(labels) {
      const key = labelText(labels)
      values.set(key, (values.get(key) ?? 0) + 1)
    },
    text: () => head(name, help, 'counter') + [...values].map(([key, value]) => `${name}${key} ${value}\n`).join(''),
  }
}

/** Values that are read when somebody asks. */
export function gauge(
  name: string,
  help: string,
  read: () => readonly (readonly [Labels, number])[],
  type: 'gauge' | 'counter' = 'gauge',
): Family {
  return {
    text: () =>
      head(name, help, type) +
      read()
        .map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`)
        .join(''),
  }
}

interface Series {
  readonly labels: Labels
  /** How many fell into each bucket, and above the last; not yet added up. */
  readonly counts: number[]
  sum: number
}

/** How values are spread. @param bounds the upper bounds of its buckets, growing */
export function histogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const all = new Map<string, Series>()
  return {
    observe(labels, value) {
      const key = labelText(labels)
      const series = all.get(key) ?? { labels, counts: Array<number>(bounds.length + 1).fill(0), sum: 0 }
      all.set(key, series)
      const index = bounds.findIndex((bound) => value <= bound)
      const bucket = index === -1 ? bounds.length : index
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
      series.sum += value
    },
    text: () => head(name, help, 'histogram') + [...all.values()].map((one) => seriesText(name, bounds, one)).join(''),
  }
}

function seriesText(name: string, bounds: readonly number[], { labels, counts, sum }: Series): string {
  let below = 0
  const buckets = counts.map((count, index) => {
    below += count
    return `${name}_bucket${labelText({ ...labels, le: String(bounds[index] ?? '+Inf') })} ${below}\n`
  })
  const own = labelText(labels)
  return `${buckets.join('')}${name}_sum${own} ${sum}\n${name}_count${own} ${below}\n`
}

const head = (name: string, help: string, type: string): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`

/** `{a="x",b="y"}`, or nothing. Values are ours, of closed sets; escaped all the same. */
function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
