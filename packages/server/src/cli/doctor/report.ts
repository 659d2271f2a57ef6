// What doctor found, as data and for people.
import type { SelectionStep } from '@quilt-mcp/backends'
import type { Check } from './checks.js'

/** A setting with where its value came from. */
export interface ReportedSetting {
  readonly name: string
  /** As it counts; secrets only as `(set)`. Absent: not set. */
  readonly value?: string | number | boolean | readonly string[]
  readonly origin: string
  /** Where it can be given. */
  readonly flag: string
  readonly env: readonly string[]
}

/** Printed as it is by `--json`. */
export interface DoctorReport {
  readonly version: string
  readonly node: string
  readonly settings: readonly ReportedSetting[]
  readonly backend: string
  /** What was looked at, in order, and why the backend was chosen. */
  readonly trace: readonly SelectionStep[]
  readonly checks: readonly Check[]
  /** Whether no check failed. */
  readonly ok: boolean
}

/** The report in words: settings that were given, the trace, the checks; each problem followed by its fix. */
export function reportText({ version, node, settings, backend, trace, checks }: DoctorReport): string {
  const given = settings.filter(({ origin }) => origin !== 'default')
  return [
    `quilt-mcp ${version}, Node ${node}`,
    '',
    'Settings (the others have their default; --json shows them all)',
    ...rows(given.map(({ flag, value, origin }) => [flag.slice(2), shown(value), origin])),
    ...(given.length === 0 ? ['  none'] : []),
    '',
    `Backend: ${backend}`,
    ...rows(trace.map(({ looked, outcome, explanation }) => [outcome, looked, explanation])),
    '',
    'Checks',
    ...checks.flatMap(({ name, outcome, message, fix }) => [
      ...rows([[outcome, `${name}: ${message}`]]),
      ...(fix === undefined ? [] : [`${' '.repeat(2 + outcomeWidth + 2)}Fix: ${fix}`]),
    ]),
    '',
  ].join('\n')
}

const outcomeWidth = 'warning'.length

const shown = (value: ReportedSetting['value']): string => (Array.isArray(value) ? value.join(', ') : String(value))

function rows(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const [first = 0] = widths
  return table.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(column === 0 ? Math.max(first, outcomeWidth) : (widths[column] ?? 0))).join('  ')}`.trimEnd(),
  )
}
