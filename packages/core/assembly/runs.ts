// Runs of entries that follow each other and have something in common: 24 bytes each, written into a list.

// Fields of a run.
const firstLine: usize = 0
/** What the user of the list wants to know of the first line. */
const about: usize = 4
const entries: usize = 8
const bytes: usize = 16

/** Begins a run with a line. */
export function beginRun(run: usize, line: i32, aboutLine: i32, size: f64): void {
  store<i32>(run + firstLine, line)
  store<i32>(run + about, aboutLine)
  store<i32>(run + entries, 1)
  store<f64>(run + bytes, size)
}

/** Adds the next line to a run. */
export function addToRun(run: usize, size: f64): void {
  store<i32>(run + entries, load<i32>(run + entries) + 1)
  store<f64>(run + bytes, load<f64>(run + bytes) + size)
}
