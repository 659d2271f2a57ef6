// What a server, or one request to it, leaves out of what there is. Narrowings only ever add up: nothing widens.

/** What may be used. An absent set leaves everything, an empty one nothing. */
export interface Narrowing {
  /** Leave out every tool that changes something. */
  readonly readOnly: boolean
  readonly toolsets?: ReadonlySet<string> | undefined
  /** Names of our own, never aliases. */
  readonly tools?: ReadonlySet<string> | undefined
  /** One bucket is fixed: calls need not name it. */
  readonly buckets?: ReadonlySet<string> | undefined
}

/** Leaves everything. */
export const unnarrowed: Narrowing = Object.freeze({ readOnly: false })

/** What both leave. Associative and commutative; `unnarrowed` changes nothing. */
export function narrowest(a: Narrowing, b: Narrowing): Narrowing {
  const [toolsets, tools, buckets] = [
    inBoth(a.toolsets, b.toolsets),
    inBoth(a.tools, b.tools),
    inBoth(a.buckets, b.buckets),
  ]
  return {
    readOnly: a.readOnly || b.readOnly,
    ...(toolsets !== undefined && { toolsets }),
    ...(tools !== undefined && { tools }),
    ...(buckets !== undefined && { buckets }),
  }
}

function inBoth(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined) {
  if (a === undefined || b === undefined) return a ?? b
  return new Set([...a].filter((name) => b.has(name)))
}
