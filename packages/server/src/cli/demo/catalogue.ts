// What the demo's catalogue holds: two tenants, their buckets, and the packages with their revisions.

/** A file of a revision: taken from the data sets, or written here. */
export type SampleFile = { readonly logicalKey: string } & ({ readonly dataset: string } | { readonly text: string })

/** One revision: what it adds to, and removes from, the one before. */
export interface SampleRevision {
  readonly message: string
  readonly add: readonly SampleFile[]
  readonly remove?: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface SamplePackage {
  readonly name: string
  readonly revisions: readonly SampleRevision[]
}

/** A user, the role and bucket that are theirs alone, and what lies in the bucket. */
export interface SampleTenant {
  readonly user: string
  readonly email: string
  readonly role: string
  readonly bucket: string
  readonly title: string
  readonly description: string
  readonly packages: readonly SamplePackage[]
}

export const tenants: readonly SampleTenant[] = [
  {
    user: 'ada',
    email: 'ada@example.com',
    role: 'climate-lab',
    bucket: 'demo-climate',
    title: 'Climate lab',
    description: 'Weather and climate series, with the pictures that go along.',
    packages: [
      {
        name: 'climate/seattle-weather',
        revisions: [
          {
            message: 'Daily weather of Seattle',
            metadata: { station: 'SEATAC', units: 'metric', reviewed: false },
            add: [
              { logicalKey: 'daily/seattle-weather.csv', dataset: 'seattle-weather.csv' },
              {
                logicalKey: 'README.md',
                text: '# Seattle weather\n\nDaily weather of Seattle in metric units, one row a day.\n',
              },
            ],
          },
          {
            message: 'Add the hourly normals',
            metadata: { station: 'SEATAC', units: 'metric', reviewed: false },
            add: [
              {
                logicalKey: 'hourly/seattle-weather-hourly-normals.csv',
                dataset: 'seattle-weather-hourly-normals.csv',
              },
              {
                logicalKey: 'README.md',
                text: '# Seattle weather\n\nDaily weather of Seattle in metric units, one row a day, and the hourly normals of 1981 to 2010.\n',
              },
            ],
          },
          {
            message: 'Compare with New York; reviewed',
            metadata: { station: 'SEATAC', units: 'metric', reviewed: true, reviewer: 'ada' },
            add: [{ logicalKey: 'daily/seattle-and-new-york.csv', dataset: 'weather.csv' }],
          },
        ],
      },
      {
        name: 'climate/global-change',
        revisions: [
          {
            message: 'Temperature anomalies since 1880',
            metadata: { region: 'global', years: { first: 1880, last: 2023 } },
            add: [
              { logicalKey: 'temperature/global-temp.csv', dataset: 'global-temp.csv' },
              {
                logicalKey: 'README.md',
                text: '# Global change\n\nTemperature, carbon dioxide and precipitation of the whole Earth.\n',
              },
            ],
          },
          {
            message: 'Add carbon dioxide and precipitation',
            metadata: {
              region: 'global',
              years: { first: 1880, last: 2023 },
              co2: { station: 'Mauna Loa', since: 1958 },
            },
            add: [
              { logicalKey: 'co2/co2-concentration.csv', dataset: 'co2-concentration.csv' },
              { logicalKey: 'precipitation/annual-precip.json', dataset: 'annual-precip.json' },
            ],
          },
        ],
      },
      {
        name: 'samples/scatter-icons',
        revisions: [
          {
            message: 'Icons for an image scatter plot',
            metadata: { kind: 'icons', count: 1 },
            add: [
              { logicalKey: 'icons/gimp.png', dataset: 'gimp.png' },
              { logicalKey: 'README.md', text: '# Scatter icons\n\nSmall pictures to plot with.\n' },
            ],
          },
          {
            message: 'A second icon, and the cars to plot it with',
            metadata: { kind: 'icons', count: 2 },
            add: [
              { logicalKey: 'icons/7zip.png', dataset: '7zip.png' },
              { logicalKey: 'data/cars.json', dataset: 'cars.json' },
            ],
          },
        ],
      },
    ],
  },
  {
    user: 'grace',
    email: 'grace@example.com',
    role: 'ecology-lab',
    bucket: 'demo-ecology',
    title: 'Ecology lab',
    description: 'Animals, measured.',
    packages: [
      {
        name: 'ecology/penguins',
        revisions: [
          {
            message: 'Penguins of the Palmer Archipelago',
            metadata: { site: 'Palmer Station', species: 3 },
            add: [
              { logicalKey: 'data/penguins.json', dataset: 'penguins.json' },
              { logicalKey: 'README.md', text: '# Penguins\n\nBody measures of 344 penguins of three species.\n' },
            ],
          },
          {
            message: 'Add pictures for the scatter plot',
            metadata: { site: 'Palmer Station', species: 3, illustrated: true },
            add: [
              { logicalKey: 'images/gimp.png', dataset: 'gimp.png' },
              { logicalKey: 'images/7zip.png', dataset: '7zip.png' },
            ],
          },
        ],
      },
    ],
  },
]
