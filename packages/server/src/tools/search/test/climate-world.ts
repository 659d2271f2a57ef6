// Two tenants and their packages, with two more of Ada's: what there is to be searched.
import { aWorld, type World } from '../../test/world.js'

/** Starts it. Beside what `aWorld` has, `climate/weather` and `climate/co2` are in `lab-a`. */
export async function aClimateWorld(): Promise<World> {
  const world = await aWorld()
  const make = (name: string, metadata: Record<string, unknown>, files: Record<string, string>) =>
    world.ada.ok('package_create', {
      package: name,
      bucket: 'lab-a',
      message: `Data of ${name}`,
      metadata,
      entries: Object.entries(files).map(([key, text]) => ({ logical_key: key, text })),
    })
  await make(
    'climate/weather',
    { station: 'Seattle', unit: { temperature: 'C' }, years: 3 },
    {
      'daily.csv': 'day,max\n1,12\n',
      'notes (old).txt': 'old\n',
    },
  )
  await make('climate/co2', { station: 'Mauna Loa', years: 60 }, { 'co2.csv': 'year,ppm\n', 'raw/co2.json': '{}' })
  return world
}

/** Names of the packages that a search of hers finds, with the keys of their files; keys of objects. */
export async function namesFound(ada: World['ada'], args: Record<string, unknown>): Promise<unknown> {
  const { hits } = await ada.ok('search_catalog', args)
  return Array.isArray(hits) ? hits.map(({ name, key }) => [name, key].filter(Boolean).join(' ')) : hits
}
