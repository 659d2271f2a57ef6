import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ToolAccess } from '../define-tool.js'
import { leftOut } from './left-out.js'
import { type Narrowing, narrowest, unnarrowed } from './narrowing.js'

const toolsets = ['catalog', 'objects', 'packages'] as const
const tools = ['bucket_list', 'object_read', 'package_create', 'package_list'] as const
const buckets = ['lab-a', 'lab-b', 'lab-c'] as const

const subsetOf = (names: readonly string[]) =>
  fc.option(
    fc.subarray([...names]).map((some) => new Set(some)),
    { nil: undefined },
  )
const aNarrowing = (): fc.Arbitrary<Narrowing> =>
  fc.record({
    readOnly: fc.boolean(),
    toolsets: subsetOf(toolsets),
    tools: subsetOf(tools),
    buckets: subsetOf(buckets),
  })

/** Everything that a narrowing leaves, written out. */
const leftBy = (narrowing: Narrowing): ReadonlySet<string> =>
  new Set(
    toolsets.flatMap((toolset) =>
      tools.flatMap((name) =>
        (['read', 'write', 'destructive'] satisfies ToolAccess[]).flatMap((access) =>
          leftOut({ name, toolset, access }, narrowing, 'request') !== undefined
            ? []
            : buckets
                .filter((bucket) => narrowing.buckets?.has(bucket) !== false)
                .map((bucket) => [name, toolset, access, bucket].join()),
        ),
      ),
    ),
  )

describe('narrowest', () => {
  it('leaves exactly what both leave', () => {
    fc.assert(
      fc.property(aNarrowing(), aNarrowing(), (a, b) => {
        const [left, right] = [leftBy(a), leftBy(b)]
        expect(leftBy(narrowest(a, b))).toEqual(new Set([...left].filter((one) => right.has(one))))
      }),
    )
  })

  it('is the same in any order and any grouping, and twice as once', () => {
    fc.assert(
      fc.property(aNarrowing(), aNarrowing(), aNarrowing(), (a, b, c) => {
        expect(leftBy(narrowest(a, b))).toEqual(leftBy(narrowest(b, a)))
        expect(leftBy(narrowest(narrowest(a, b), c))).toEqual(leftBy(narrowest(a, narrowest(b, c))))
        expect(leftBy(narrowest(a, a))).toEqual(leftBy(a))
      }),
    )
  })

  it('is changed by no narrowing that leaves everything', () => {
    fc.assert(
      fc.property(aNarrowing(), (a) => {
        expect(leftBy(narrowest(a, unnarrowed))).toEqual(leftBy(a))
      }),
    )
  })
})
