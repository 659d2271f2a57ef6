// The one form in which every benchmark ends: a table for people, then one line of JSON.
import { cpus } from 'node:os'

/** Whether a goal is met: `ours <= 1.5 x` compares with the other, `ours < 100` with a number. */
function meets({ ours, other, goal }) {
  const [, sign, bound, times] = /^ours (<=|<|>=) ([\d.]+)( x)?$/.exec(goal) ?? []
  if (!sign) throw new Error(`a goal reads "ours <= 1.5 x" or "ours < 100", not "${goal}"`)
  const limit = Number(bound) * (times ? other : 1)
  return sign === '<' ? ours < limit : sign === '<=' ? ours <= limit : ours >= limit
}

/** Prints the rows. @returns the exit code: 1 when `check` is set and a goal is missed */
export function report(bench, rows, { rounds, check }) {
  const judged = rows.map((row) => ({
    name: row.name,
    ours: Number(row.ours.toFixed(1)),
    other: Number(row.other.toFixed(1)),
    ratio: Number((row.ours / row.other).toFixed(3)),
    goal: row.goal,
    met: meets(row),
  }))
  console.log(
    `Medians of ${rounds} runs on ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}`,
  )
  console.table(judged)
  console.log(JSON.stringify({ bench, rows: judged }))
  return check && judged.some((row) => !row.met) ? 1 : 0
}
