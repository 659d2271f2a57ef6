// Many requests at a time, but not all of them.

/** Runs a task for each item, at most `width` at a time; answers in the items' order. After the first failure none is begun. */
export async function concurrently<Item, Result>(
  items: readonly Item[],
  width: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++
      const item = items[at]
      if (item !== undefined) results[at] = await task(item).catch(fail)
    }
  }
  const fail = (error: unknown): never => {
    next = items.length
    throw error
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
